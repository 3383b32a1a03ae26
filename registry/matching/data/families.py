"""Spellings and short forms of one name, where letters alone would not tell.

    bill willy will → william          maxamed muhammad → mohamed

The first word of a line is the one the others lead to. A word may stand in two lines (Pat:
Patrick, Patricia). Own list: English and Kenyan short forms, Biblical names in English,
Swahili and European forms, Arabic names with their Somali and Swahili spellings, Russian short forms.
Variants that the skeleton already joins (Njoroge, Njorogi) need no line here.
"""

from registry.matching.data.han import SURNAMES

LINES = """
james jim jimmy jimmie jamie
john jon johnny johnnie jack yohana johana yohanna johann johannes juan jean ivan giovanni
joseph joe joey jose josef yusuf yusufu yussuf yousef youssef yusif iosif giuseppe
peter pete petro petero pita petr pyotr pierre pietro pedro
paul paulo pawel pavel pablo
david dave davy daudi daud dawud dawood daoud
daniel dan danny danieli daniil
samuel sam sammy samwel samweli
stephen steve steven stefan stephan stefano etienne stepan
michael mike mick mikael mikhail michel miguel michele mikaeli mihail michail
simon saimon simeon semyon
george joji georgie jorge georg georgi yuri yuriy giorgio
francis frank fransisko francisco francesco franz francois faransisi
charles charlie chuck carlos carlo karl chalo
patrick pat paddy patrice
joshua josh yoshua
isaac ike isaak isaka ishaq ishak isack
kennedy ken kenny kenneth
kevin kev kelvin
dennis denis denno dionysius
richard rich rick dick ricky richie ritchie
robert bob rob bobby robbie roberto
anthony tony antony antonio anton antoine antonius
moses musa moussa musse muuse mose moshe
benjamin ben benny benja
geoffrey jeff geoff jeffrey jeffery
martin martine marto
victor vic vick viktor vikta
philip phil philipp filipo felipe philippe
edward ed eddie eddy ted teddy edouard eduardo ned
edwin edu eddy ed
alexander alex alec alexandre alessandro aleksandr oleksandr sasha sandro iskander iskandar sander
emmanuel manu emanuel immanuel manuel manny
solomon sulemani suleiman suleyman sulayman selemani solo suleman saleban saleebaan
timothy tim timmy timotheo timofey
bernard ben bernie benard bernardo
vincent vin vinnie vinny vicent vince
gideon gidi gid
nicholas nick nicky nico niko nicolas nikolai nikolay nikolaos mykola nikolas
henry harry hank heinrich henri enrique henrik
william bill billy will willy willie liam wilhelm guillaume wilyam
zachary zack zach zak zakaria zacharia zachariah zakariya sakariye
abraham abe abram ibrahim ibrahimu ebrahim avraham abrahamu ibraahim
elias elijah eli elia eliya ilyas eliasi ilya ilyasi
frederick fred freddy freddie fredrick friedrich frederic
lawrence larry laurence lorenzo laurent lourenco
leonard leo len lenny leonardo
matthew matt mathew mathias matthias matteo mattia matayo matei matvey
mark marc marko marco markus marcus
luke luka lucas lukas luca
andrew andy andrea andreas andrei andrey andre drew anderea andrii
thomas tom tommy tomas tomasz tomasi tommaso
boniface boni bonnie
jacob jake yakobo yakub yaqub yakov jakob jacobo yacoub
jonathan jon jona jonny
nathaniel nathan nate nat nathanael
noah nuhu nuh nooh
raphael rafael rafa rafaeli raffaele
christopher chris kris christoph kit topher christian christofer
gregory greg grigory grigori gregorio
ronald ron ronnie ronny
donald don donnie donny
gerald gerry jerry gerard
jeremiah jerry jeremy yeremia
douglas doug dougie
albert al bert alberto bertie
alfred alf fred alfredo alfie
arthur art arturo artur
ernest ernie ernesto erneo
eugene gene evgeny yevgeny evgeniy eugenio yevgeniy evgeni jewgeni
walter walt wally
theodore ted theo teddy fyodor fedor teodoro fjodor fiodor feodor
stanley stan
sylvester silvester sly
dominic dom dominik domenico domingo
maurice moris morris mauricio
augustine gus augustin agostino agustin
lewis lou louis luis luigi ludwig
raymond ray
mary maria mariam mariamu maryam miriam marie miriamu maryan marian mariya
ann anne anna annie ana anita hannah hana anya hanna
jane janet jean joan jayne jenny janice
elizabeth liz lizzy lizzie beth betty eliza elisabeth lisa elsie bess elizaveta elisabetta elisa
margaret maggie meg peggy marge magaret margarita margherita greta rita marguerite
catherine kate cathy katherine katie kathy cate kathryn katarina ekaterina yekaterina catarina kitty katharina
susan sue susie suzan susanna suzanne suzie
caroline carol carolyn carolina karoline carrie
jacqueline jackie jacky jackline
beatrice bea beatrix betty
helen ellen elena helena nell nelly yelena eleni jelena hellen olena
florence flo flora florensi
lilian lily lillian lilly liliana
rachel raheli rahel raquel rachael
rebecca becky rebeka becca rivka
sarah sara sally sarai zara
tabitha tabby
veronica vero ronnie veronika
virginia ginny gina jinia
christine tina christina kristina chris chrissy kristine christiana
evelyn eve evelyne eva evalyne
josephine josie jo josefina fina
judith judy judi
teresa terry theresa tess tessa teresia therese
priscilla cilla prisca
dorothy dot dolly dorothea dora
patricia pat patty tricia trish patrizia
victoria vicky tori viktoria
deborah debbie debby debra
jennifer jen jenny jenna
pamela pam
barbara barb babs varvara
alice alicia alisa
agnes aggie agnese agneta
grace gracie graziella neema
esther esta hester ester essie
winifred winnie freda winfred
millicent millie milly
emily emma emmy emilia
wilhelmina mina willa
mohamed muhammad mohammed mohammad muhamad maxamed mahamed mohamad mohamedi mohd muhamed muhammed mahamad mehmet moh
ahmed ahmad axmed achmed ahmet ahamed
hassan hasan xasan hassani hasani
hussein husein hossein husayn xuseen hussain huseyn husseini hosein
ali cali aly
omar umar cumar omari umari oumar
osman uthman othman usman cismaan cusmaan athman ottoman ousmane
abdi cabdi
abdallah abdullah abdulla abdalla abdullahi cabdullahi abdillahi abdullahi
abdrahman abdulrahman abdirahman cabdiraxmaan abdurahman abdelrahman abdurrahman
abdkadir abdulkadir abdikadir cabdiqaadir abdelkader abdulqadir abdikadar
abdaziz abdulaziz abdiaziz cabdicasiis abdelaziz
aden adan aadan adam aadam
fatuma fatima faduma faadumo fatma fatimah fatimata
aisha ayesha caasho asha caisha aysha aicha
khadija khadijah hadija khadiija kadija
farah faarax farax
warsame warsama
hersi xirsi hirsi
said saeed saiid siciid sayed
ismail ismael ismaciil ishmael esmail
jama jaamac jamaa
omer cumer
issa isa ciise essa cisa
nur noor nuur nour
ayub ayoub ayyub job
harun haroun aaron haroon
yahya yahia yaxye
khalid khaled khalidi
rashid rasheed raashid rashidi
salim saleem selim salem saalim
jamal gamal jamaal
mahmoud mahmud maxamuud mahmood mohamud mohamoud
mustafa mostafa mustapha mustaf moustafa
hamisi khamis hamis hamissi
juma jumaa
bakari abubakar abubakr bakar abubakari bakr
ramadhan ramadan ramazan ramadhani
singh sing simh sinh
kaur kour kor
lakshmi laxmi lksmi
krishna krsn krishnan
mohan mohun
vladimir wladimir volodymyr volodya vova vladymyr
dmitry dima dmitri dimitri dmitriy dmytro
sergei sergey serge sergio serhiy sergiy
alexei alexey aleksey alyosha oleksiy alexej aleksei
yevgenia evgenia zhenya
mikhail misha michail
ivan vanya iwan
vasily vasya vasiliy wassili vasyl basil
natalia natasha nataliya natalya natalie
tatiana tanya tatyana tatjana
olga olha olya
svetlana sveta swetlana
tesfaye tesfay
haile hayle hailu
""".strip()


def _families() -> dict[str, tuple[str, ...]]:
    leads: dict[str, list[str]] = {}
    for line in (*LINES.splitlines(), *SURNAMES):
        head, *others = line.split()
        for word in (head, *others):
            if head not in leads.setdefault(word, []):
                leads[word].append(head)
    return {word: tuple(sorted(heads)) for word, heads in leads.items()}


FAMILIES = _families()
"""From a word to the heads of the lines it stands in."""
