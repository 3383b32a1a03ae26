"""Names that look or sound alike and are different names, so that letters in common say nothing.

    wanjiku wanjiru    two of a father's daughters       karim, karima    a man and a woman
    ramesh rakesh rajesh    rhymes, as brothers have them        gurpreet, harpreet    one part of two in common

Spellings here are plain: a doubled letter once, ee as i, oo and ou as u, no h at the end (`twins.plain`).
What is one name in spite of its looks stands in `families`, and counts before this. Own collection.
"""

LINES = """
wanjiku wanjiru wangui wangari wangeci=wangechi wanjera wambui
njeri njoki njambi
muthoni mumbi mugure mutheu
wachira wacera=wachera
macharia muchiri machira
kamau kimani kamande kamani
gichuki=gicuki gichuhi=gicuhi githuku
murithi muriuki muriungi
githinji gathenji githinzi
mwangi mwaniki
kariuki karanja
wairimu wairuri waithera waithaka
waweru wawira
nyambura nyawira nyaguthi
njoroge njuguna njenga njogu
mungai muigai
mugo mugi
kuria karia
warui wairu waruru
gathogo githaiga gitonga gathoni
irungu iregi
mbugua mburu
njau njue
mutua mutuku mutuma mutie mutai=mutahi
mutinda mutindi
mutiso mutisya=mutisia
musyoka=musioka kasyoka=kasioka kasyoki=kasioki
mbithi mbithe
muthama muthoka
mwikali mwongeli
mueni mwende muli mulwa
wambua wayua
kyalo kyule
musembi musila
nduku ndunge ndinda
kirimi karimi
mutwiri gatwiri
muthomi muthuri muchoki
sankale sankaire
mora=moraa maroa=mroa
nyaboke nyaboga
obare obure
ondari ondieki
moturi matara motari
bosibori bochaberi bonareri
mokeira mogire mogaka mokaya momanyi
ongera ongeri
barasa baraka
wanjala wangila wanyama
nanjala nangila nanyama
simiyu sifuna situma
odongo odinga oginga
onyango onyando ojwang
ogola ochola
ouma juma uma
nakato nakito
kazungu katana karisa kahindi
kadzo kache
jefwa jumwa
hasan=xasan husein=husain=husen=xusein=xusin=xusen=husayn=husin hasna husna
mohamed=muhamad=mohamad=muhamed=maxamed=muhumed=muhamud
  mahmud=mohamud=maxamud=mahmod ahmed=ahmad=axmed hamid hamad hamud hamdi
omar=umar=cumar amir amar imran amr
ali=aly=cali adil alia=alya=aliya ala alice
jamal jamil=djamil jamila jama=jamac juma kamal kamil jalal jumane
salim=salem=salum saleh salman suleiman=sulaiman=saleban salma salama sahal
samir sami samia salim sabir amir
said=saidi sad saida sauda saif zaid suad
yasin yasir=yaser nasir=naser nasra yusuf yunus
nur nura nuh=nuhu
khalid khalil jalil khadija khalif
farid faris farah=farax farhan farida faraj farhia
rashid rashad raid
hakim halim halima=halimo hamida hashim hisham
tahir zahir talal tariq tahira zahra zuhra
bashir bishar abshir
barwaqo baraka
majid majdi mahdi
latif lutfi
bilal hilal halil jalal
mustafa murtaza
nadir nadia nadra nabil nadim
rana rania rina rima rami
walid wahid
munir mounir amir
zubeir=zubair zuhair
hatim hakim haitham
qasim=kasim wasim
jabir jibril sabir
fatima=fatma fatia fahma fauzia fathia
aisha=asha ayan asma asia usha isha nisha
anab arab awil awale
adan ayan ladan
hashi asli asha
abdi abdia
zaki zakia
shukri shakir
hamisi hamza hamidi
sheha she
bakari bahari
omari amiri amani
musa isa
idris ilyas
ramesh rakesh rajesh
suresh sudesh naresh paresh
hitesh jitesh ritesh nitesh mitesh nilesh jayesh hiren
dinesh ganesh jignesh
mahesh manish mukesh munish mitesh
anil sunil sushil
sunita anita sumita savita kavita sarita lalita smita nita rita gita sita mita lata
amit ajit sumit lalit rohit mohit
nina rina mina lina tina hina bina dina
lila mila shila lina
kiran karan
arjun arun varun tarun
vikram vikas vishal
vijay vinay ajay sanjay jay
vinod vinay
sandip pradip dilip kuldip dipak dipika dipa
patel patil
mehta mehra
shah sharma saha
singh sinha
bhat bhatia
virani mirani
jadeja jadav
pushpa puja
jivani jivan
lalji valji velji kanji devji hirji shivji premji
sharmila sharma
abebe=ababe abeba abera
alem alemu
haile hailu
tekle teklu
tesfaye tsegaye tesfahun
tsehay=tsehai tsegay
dereje derese
berhanu=birhanu=birhanou berhane=birhane=berhanie
fikre fikru fikir
yonas yohanes
worku worke
kebede kebedech
bekele bekelech
tadese tadelech teshome
getachew getahun getnet
mulugeta mulatu mulu
meseret mesfin
solomon samson
habimana hakizimana bizimana uwimana
mukasa musoke mugisha
mugisha mugenzi
mukamana mukasa
ssemakula nasemakula
lubega nalubega
maria marina
irina ina inna
oleg olga
ivan=iwan ian
yuri yulia
viktor=victor viktoria=victoria
mikhail mikhailov mikhailovich
ivanov ivanovich
aleksei aleksandr andrei anton
nikolai nikita
zhang=chang zhong zheng zeng zhuang jiang=chiang
wang weng
wang yang tang kang fang
chen cheng shen
chen zheng
li liu lu luo le
lin ling liang liu
yang yan ying
yang yin
yan yong
xu xue xiao
ma mao
ma mo
qian qin jin jian jiang qiang
feng peng deng
feng teng
song dong kong
dong deng ding
cao cai gao
gu guo
tian qian tan
baoping boping
john joan joana jordan
brian brown brenda
brown braun
daniel danielle daniele daniela
michael michelle micah
michel michelle
robert roberta rupert
gilbert hubert albert alberta wilbert
martin marvin martha martina melvin
marvin melvin kelvin calvin
carl carla carol
charles charlene charlotte
christian christine=christina=christiana christopher
alexander alexandra alexis
francis frances francisca
gabriel gabriella gabrielle
george georgia georgina
gerald gerard
bernard leonard gerard
gordon jordan
julian juliana julia juliet julius
justin justina justus
kenneth kent
laura lara lauren lawrence
louis louise
marion mario maria
merry mary mercy
nicholas nicole nicola
norman roman
oscar oskar
patrick patricia
paul paula pauline
peter petra
philip phyllis philippa
simon simone
stephen stephanie
victor victoria
william wilma williams wilson
wilfred winfred alfred
edwin erwin edna
eric erica erin
john johnson
jane joan jean
rob robin robinson
david davidson davis
peter peterson
thomas thompson
james jameson
anderson andrew
miller muller moeller
king kong
moore more
hall hill hull
walter walker
parker barker baker becker
carter carver
allen ellen
ann hannah
dan don dean dawn den
tim tom
emma emily
frederick frederica
samuel samantha samson
edward edmund edwin
harold harriet
joseph josephine joshua josephat
linda lydia
lucy=lucia lucas
sarah sandra
ryan brian
ben bella
gathoni wathoni
munene muneni
ndunge ndungu
muema mumo
mutheu mutua
rehema rahma
latifa lutfia
sumaya samia
nilesh naresh
bhavna bhavini bhavesh
sonal sunil
hawa haya
hani hana
eric=erick erica
joy joyce
mercy marcy
sheila sheli
teri jeri keri
hary lary bary gary
jason mason
ilya olya
kemunto kemuma
""".strip()
"""A line holds names that are all different from one another; = stands between spellings of one of them."""

FEMININE = (
    "aziz adil amin amir anis basim bashir farid fadil fahim habib hakim halim hamid hanif jalil jamil kamil karim "
    "khalid khalil latif majid malik munir nabil nadir naim najib nasim nasir nur rahim rashid rafiq sabir "
    "sadiq said salim samir sharif shakir siham tahir wahid walid zahir"
)
"""Men's names of Arabic origin that become a woman's with -a, in Somali with -o: Karim, Karima."""

FEMININE_IN_A = (
    "albert robert martin daniel gabriel michael carl eric frederic georg julian justin nicol paul philip simon "
    "victor viktor anil sunil kiran manish"
)
"""The same in -a only: Martin, Martina; Anil, Anila."""

_SERVANTS = (
    ("abd cabd",),
    (
        "rahman raxman", "rahim raxim", "rashid", "razak razaq risak risaq", "karim", "hakim xakim",
        "kadir qadir qader kader", "aziz asis casis", "majid", "hamid xamid", "nasir naser nasr", "salam salan",
        "ghani qani", "malik", "latif", "wahab", "fatah fitah fatax fitax", "hadi", "halim xalim", "samad", "jabar",
        "weli wali", "alah alahi ala ulahi ilahi",
    ),
)  # fmt: skip
_SIKH = (
    (
        "gur", "har", "man", "jas jus", "bal", "dal", "sur", "raj", "kul", "sukh suk", "param parm", "amar", "ran",
        "moh mah", "dav", "rav", "bhup", "jag", "sat", "nar", "lakh", "kar", "tar", "par", "ind",
    ),
    (
        "prit", "jit", "dip", "inder indar vinder winder vindar", "want vant", "dev", "mit", "lin", "vir bir",
        "pal", "nam", "mohan", "bhajan bajan", "charan",
    ),
)  # fmt: skip
_ETHIOPIAN = (
    ("gebre gebra ghebre gebr", "wolde welde wold", "haile hayle hail", "tekle tekele", "tesfa", "amde", "fikre"),
    (
        "mariam maryam", "medhin medhen medhn", "michael mikael mikel", "selasie silasie", "kidan kidane",
        "hiwot hiwet", "meskel meskal", "giorgis georgis", "yesus eyesus iyesus", "tsadik tsadiq sadik",
        "haimanot haymanot",
        "kristos", "amlak", "egziabher",
    ),
)  # fmt: skip
_KALENJIN = (
    ("kip kib", "chep cheb jep jeb", "kap kab"),
    (
        "rono", "ruto", "rop", "rotich rotic", "ngetich ngetic", "ngeno geno", "koech koec", "korir",
        "kemboi kemboy kemoi kemoy", "kemei", "choge", "chumba", "chirchir", "sang", "sigei sigey", "tanui tanuy",
        "tum", "to", "limo",
        "lagat langat", "yego yegon", "keter", "kurui", "kosgei kosgey", "leting", "kering", "tarus", "chumo", "tergat",
    ),
)  # fmt: skip
_CHINESE = (
    (
        "jian", "guo", "wei", "xiao", "zhi", "yong", "guang", "hai", "bao", "bo", "mei", "xiu", "yu", "shu", "ming min",
        "hong", "jing jin", "li", "chun", "dong", "feng fen", "hui", "jia", "jun", "ling lin", "qing qin", "shao",
        "wen", "xin xing", "yan", "zhen zheng", "zong", "chang", "de", "gui", "hao", "lan", "rong",
    ),
    (
        "guo", "hua", "wei", "ming min", "ping pin", "hong", "jun", "feng fen", "qiang", "gang", "tao", "bo", "hai",
        "long", "fei", "jie", "jing jin", "juan", "fang", "xia", "lan", "ying yin", "yan", "yun", "mei", "li",
        "ling lin",
        "qing qin", "zhen zheng", "hui", "xiang", "cheng", "shan", "liang", "liu", "jian", "yang", "sheng", "wu",
        "bin bing",
        "yu", "rong",
    ),
)  # fmt: skip
COMPOUNDS = (_SERVANTS, _SIKH, _ETHIOPIAN, _KALENJIN, _CHINESE)
"""Names of two parts, each part with its spellings: those that have only one part in common are different names.

Abdulkarim, Abdulhakim · Gurpreet, Harpreet · Gebremariam, Gebremedhin · Kiprono, Kipruto · Jianguo, Jianhua."""
