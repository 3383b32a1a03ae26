"""Spellings and forms in Kenya's other traditions: Kalenjin, Indian, Ethiopian and Eritrean.

    jebet → chebet (two dialects)          kour → kaur          tedros → tewodros

Own collection.
"""

KALENJIN = """
chebet jebet
chelimo jelimo
cherop jerop
cheruto jeruto
cherono jerono
cheptoo jeptoo chepto jepto
chelagat jelagat chelangat jelangat
chemutai jemutai
chepkoech jepkoech
chepkorir jepkorir
chepkemoi jepkemoi
chepchirchir jepchirchir
chepkosgei jepkosgei
chepngetich jepngetich
chebii jebii
chesang jesang
cheptum jeptum
chepchumba jepchumba
chemeli jemeli
cheptanui jeptanui
"""

INDIAN = """
tiwari tivari tewari
agarwal agrawal agraval aggarwal agarwala
saraswati sarasvati saraswathi
saxena saksena
srivastava shrivastava srivastav shrivastav
pandey pandeya pande
singh sing simh sinh
kaur kour kor
lakshmi laxmi lksmi
krishna krsn krishnan
mohan mohun
gurmukh gurmuk
bhagat bagat
lakhbir lakhvir
preet prit
gita geetha geeta gitaa
kaur cour kour
shri sri shree
vishnu visnu
lakshman laxman lachman lakhsman
prakash parkash
prasad parshad pershad prashad prasada
mukherjee mukerji mukherji mukhopadhyay
banerjee banerji bandyopadhyay
chatterjee chatterji chattopadhyay
ganguly gangopadhyay ganguli
bhattacharya bhattacharjee bhattacharyya
choudhury chaudhary chowdhury chaudhry choudhary chaudhari chowdhry chaudhuri choudhry
iyer ayyar iyar aiyar
iyengar ayyangar aiyangar
nair nayar
pillai pillay pille
reddy reddi
rao raw
rathod rathore rathor rathaur
thakur tagore thakore
ismailji esmailji
jaffer jaffar
gulam ghulam golam
"""

ETHIOPIAN = """
tesfaye tesfay
haile hayle
daud dawood
yohannes johannes yohanes yohanis yohannis
giorgis georgis giyorgis gorgis
mikael mikeal
tewodros tedros teodros theodros tewedros
yesus eyesus iyesus
selassie sellassie silassie silase
weldu woldu
wolde welde
meskerem maskaram
hiwot hiwet heywat hiwete
tsion sion tsiyon zion
tsegaye segaye tsegay sega
tsehay sehay tsehai tzehay
tsadik sadik tsadiq
gebre ghebre gebra
gebremariam ghebremariam gebremaryam
gebremedhin ghebremedhin gebremedhn gebremedhen
gebreselassie ghebreselassie gebresilassie gebreselasie ghebresellasie
kidist qidist
negash nigash
asfaw asfau
"""
