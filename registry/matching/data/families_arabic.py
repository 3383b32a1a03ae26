"""Arabic names as the peoples who bear them write them: Somali, Swahili, Maghreb French, Turkish, Persian, English.

    maxamed muhammad → mohamed          caasha aicha → aisha          cabdiraxmaan abdelrahman → abdirahman

In Somali c and x are the two sounds of the throat (ʿayn and ḥa), which others leave out or write h, and a long vowel is
written twice. Swahili ends a man's name in a vowel (Rajabu, Salimu). Own collection.
"""

ARABIC = """
mohamed muhammad mohammed mohammad muhamad maxamed mahamed mohamad mohamedi mohd muhamed muhammed mahamad mehmet moh
ahmed ahmad axmed achmed ahmet ahamed axmad ahmedi ahmadi achmad
hassan hasan xasan hassani hasani hassane hasaan xassan
hussein husein hossein husayn xuseen hussain huseyn husseini hosein hocine houcine xusseen huseni husain hossain
  houssein husseyn hussien
ali cali aly alli caali
omar umar cumar omari umari oumar omer cumer oumarou omaar
osman uthman othman usman cismaan cusmaan athman athumani athmani isman ousmane uthmaan usmaan cusman cisman osmani
  otman othmane
abdi cabdi
abdallah abdullah abdulla abdalla abdullahi cabdullahi abdillahi abdilahi cabdilaahi cabdullaahi cabdalla abdellah
  abdoulaye abdoullah abdilaahi abdullaahi cabdulle abdulle
abdrahman abdulrahman abdirahman cabdiraxmaan abdurahman abdelrahman abdurrahman
abdkadir abdulkadir abdikadir cabdiqaadir abdelkader abdulqadir abdikadar abdiqadir abdelqader abdulkader abdulqader
  cabdulqaadir
abdaziz abdulaziz abdiaziz cabdicasiis abdelaziz abdiasis cabdicasiiz abdicasis abdilaziz cabdulcasiis
adam adan aadan aden aadam adamu adham adem
fatuma fatima faduma faadumo fadumo fatma fatimah fatimata fatimeh fatime fatoumata fatou
aisha ayesha caasho asha caisha caasha caisho casha aysha aicha aishah aischa esha mwanaisha aishatu aissatou ayse
khadija khadijah hadija khadiija kadija khadiijo khadijo qadiija khadidja khadeeja
farah faarax farax
warsame warsama
hersi xirsi hirsi xersi
said saeed saiid siciid saidi seid saeid sacid saaid
ismail ismael ismaciil ismaaciil ismacil ishmael esmail ismaili ismaeel smail ismaila
jama jaamac jamac jaama
issa isa ciise cise essa cisa eissa aissa iise iisa
nur noor nuur nour
ayub ayoub ayyub job
harun haroun aaron haroon
yahya yahia yaxye yahye yaxya yehia yehya jahja yihya
khalid khaled khalidi khaalid chalid
rashid rasheed raashid rashidi
salim saleem selim salem saalim salimu salum salumu slim
jamal gamal jamaal cemal djamel djamal jamaali gamaal
mahmoud mahmud maxamuud mahmood mohamud mohamoud maxamud mehmood mahmut machmud maxmuud
mustafa mostafa mustapha mustaf moustafa moustapha mustafe mustaafa
hamisi khamis hamis hamissi khamisi khamiis
juma jumaa
bakari abubakar abubakr bakar abubakari bakr abukar abuukar boubacar aboubacar abubaker bakri
ramadhan ramadan ramazan ramadhani ramazani ramadhaan rhamadhan
jafari jafar jaffar jaafar djaffar jaffer jacfar gafar
kassim qasim kasim kasimu qassim qaasim kacem gasim kassem kasem casim
hamza hamsa xamsa xamse hamzah
habib habibu xabiib
habiba xabiibo habibo xabiba
halima xaliimo xaliima halimo xalimo xalima
hamid xaamid xamiid hamidu
hamda xamdi hamdi
hashi xaashi
haji xaaji hajji
hirabe xiraabe
hodan xodan
huda xuda
hukun xukun
hawale cawaale awale awaale
abshir abshiir cabshir
awil cawil cawiil
awad cawad awadh cawadh
arab carab caraab
asli casli asliya
anab canab caanab
asha asho
afi cafi
abas cabaas abbas cabbaas
abdalla cabdala
abdi cabdi abdy
abdirashid cabdirashiid abdulrashid abdurashid abdirashiid abdelrashid
abdirizak cabdirisaaq abdirazak abdulrazak abdirisak abdulrazaq abdirisaq cabdirasaaq abdelrazek abdurazak
abdinasir cabdinaasir abdulnasir abdinassir abdelnasser abdulnasser
abdifatah cabdifitaax cabdifataax abdulfatah abdifitah abdelfattah abdifatax abdulfattah
abdisalam cabdisalaan abdisalan cabdisalaam abdulsalam abdelsalam abdessalam abdusalam abdussalam abdisalaam
abdilatif cabdilaatif cabdullaatif abdulatif abdullatif abdellatif abdilaatif
abdihakim cabdixakiim abdulhakim abdelhakim abdixakim abdihakiin
abdihamid cabdixamiid abdulhamid abdelhamid
abdimajid cabdimajiid abdulmajid abdelmajid abdelmadjid
abdiwahab cabdiwahaab abdulwahab abdelwahab abdulwahhab abdelouahab
abdiwahid cabdiwaaxid abdulwahid abdelwahid abdelouahed
abdirahim cabdiraxiin cabdiraxiim abdulrahim abdirahin abdurahim abdelrahim
abdirahman abdrahman abdulrahman cabdiraxmaan cabdiraxman abdurahman abdelrahman abdurrahman abderrahmane abdiraxmaan
  abdirahmaan cabdulraxmaan abdulraxman
abdikarim cabdikariim abdulkarim abdelkarim abdelkrim abdulkareem abdikariim
abdighani cabdiqani abdulghani abdiqani abdelghani abdigani
abdimalik cabdimaalik abdulmalik abdelmalek
abdihadi cabdihaadi abdulhadi abdelhadi
abdiweli cabdiweli abdiwali cabdiwali abduweli
abdihalim cabdixaliim abdulhalim abdelhalim
abdinur cabdinuur abdulnur abdinoor cabdinur
abdulahad cabdulaxad abdiahad
mohamednur maxamednuur mohamednoor
mahad maxad mahat mahaad
mahdi mahdhi maxdi mehdi
muhumed muxumed mahamed
muhidin muxyadiin muhyadin mohyadin muhiyadin muxidiin mohidin
muhsin muxsin mohsin mohsen
muktar mukhtar mukhtaar moktar muqtar
muumin mumin
mire miire
mataan mattan matan
nimo nimco nimca nima
nasteho nasteexo
rahma raxma raxmo rahmo
rahim raxiim rahin
ruqiya ruqiyo rukia ruqia ruqaya ruqayya ruqaiya rukiya rokia
zahra sahra saxra saxro sahro zahara saxaro zahraa
zuhura zuhra zohra
saleh salih saalax saleex saalih salech swaleh
salah salaax
salad salaad
sadia sacdiyo sadiyo sacdiya sadiya saadia
saad sacad sacd saed
suad sucaad suaad souad
sucdi suudi
shucayb shuaib shuayb shoaib
shafi shaafici shafii shafei shaafi
sharmarke sharmaarke
samatar samater
zeinab seynab saynab zainab zaynab zainabu zeynab zineb zaineb seinab senab
zakaria sakariye zakariye zakariya zekeria
zamzam samsam
ziad siyaad siyad siad ziyad zyad ziyaad
aziza casiisa
aziz casiis asis asiis
bile biile
botan bootaan
duale ducaale dualeh ducale
dirie diiriye diriye diriyeh dirir diiriiye
dahir daahir daher dhahir taher tahir taahir
egal cigaal igal cigal egaal
elmi cilmi ilmi celmi
ige cige
iman iimaan imaan
isse ciise
jimale jimcaale jimcale
gaas gacas
gurhan guurxaan
farhan farxaan farhaan farxan
farhia farxiya farxiyo farhiya farhiyo
fathia fatxiyo fatxiya fathiya fatihiya
fouzia fowsiyo fowsia fawzia fauzia fowzia fauziya fausia
faiza faiisa faysa faisa fayza
faisal faysal faisel feisal feysal fayssal faycal
filsan filsaan
cosob osob
ibado cibaado ebado cibado
idil cidil
ilham ilhaam ilxaan
ikran ikraan ikram
lul luul
luqman luqmaan lukman loqman luqmane
yasin yaasiin yassin yacine yaseen yasiin
yusra yusro
warfa warfaa
ugas ugaas
uba ubax ubah
shukri choukri chokri
sharif shariif sherif cherif shareef chérif sharifu sheriff
rashid rachid raashid rasheed rashidi raschid rachide
walid waleed oualid waliid
wahid waheed ouahid waaxid
wasim waseem ouassim
wahab ouahab wahhab
layla leila laila leyla lejla
kadhafi gaddafi qaddafi gadhafi qadhafi khadafy kadafi kazafi
rida ridha reza redha redah
habibullah habibulla
nur noor nuru nuur nour nuri
sudi suud saud suudi saoud
masoud masudi mascuud masud mascud masoudi massoud
mubarak mbarak mbaraka mubarack moubarak mubaarak mabruk
nassor nassoro nasser nasir nasoro naasir naser nacer
obeid ubaid abeid obaid cubayd abeidi
othman otman
awadh awad awath
seif saif seifu sayf sayfu
salma salmah selma
swaleh saleh swalehe salehe
twalib talib twalibu taalib
twaha taha taaha
rajab rajabu ragab rajap rajabo
shaban shabani shaaban shabaan shacbaan chaabane
idd idi iddi eid ciid iid
kheri heri khairi kheir khayr
khalfan halfan khalfani
khatib hatib khatibu khadiib
hemed hemedi ahmed
jabir jabiri jaber jaabir gaber
maulid mawlid maulidi mowlid
mwalimu mualim moalim macalin maalim
nasra nasrah nasro
swabra sabra
swafia safia safiya safiyo
zuberi zubeir zubair zubeiri subeer subeyr zoubir
zulekha zuleikha suleekha zuleka zuleikhah zulaikha
yaasmin yasmin yasmine jasmin yasemin
"""
