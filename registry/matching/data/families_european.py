"""Biblical and European names with their short forms, in English, Kenya's spellings, and the languages of Europe.

    bill willy will → william          yohana, jean, ivan → john

English and Kenyan short forms, Biblical names as Swahili writes them, Russian short forms, and Russian and Ukrainian
names in the manner of English, German, French and of passports (ICAO 9303, BGN/PCGN 1947, GOST 52535). Own collection.
"""

EUROPEAN = """
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
george joji georgie jorge georg georgi giorgio georges georgy georgiy gueorgui georgij heorhii georgios jiri
yuri yuriy iouri juri jurij iurii yury iury
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
moses musa moussa musse muuse muse mose moshe mussa
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
timothy tim timmy timotheo timofey timothee timo timotheus
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
jacob jake yakobo yakub yaqub yakov jakob jacobo yacoub jakow iakov yacub jacques
jonathan jon jona jonny
nathaniel nathan nate nat nathanael
noah nuhu nuh nooh
raphael rafael rafa rafaeli raffaele
christopher chris kris christoph kit topher christofer kristof kristopher christophe cristobal
christian chris kristian cristian
gregory greg grigory grigori gregorio
ronald ron ronnie ronny
donald don donnie donny
gerald gerry jerry
gerard gerry gerhard gherardo geraard
jeremiah jerry jeremy yeremia
douglas doug dougie
albert al bert alberto bertie
alfred alf fred alfredo alfie
arthur art arturo artur
ernest ernie ernesto erneo
eugene gene evgeny yevgeny evgeniy eugenio yevgeniy evgeni jewgeni evgenij evgenii evgueni yevgeni jevgeni jevgenij
  yevhen ievgen eugen
walter walt wally
theodore ted theo teddy fyodor fedor teodoro fjodor fiodor feodor
stanley stan
sylvester silvester sly
dominic dom dominik domenico domingo
maurice moris morris mauricio
augustine gus augustin agostino agustin
lewis lou louis luis luigi ludwig
raymond ray
mary maria mariam mariamu maryam miriam marie miriamu maryan mariya mariia maryama meryem marija molly
ann anne anna annie ana anita hannah hana anya hanna
jane jayne jenny janey
janet jenet janette
joan joanne
elizabeth liz lizzy lizzie beth betty eliza elisabeth lisa elsie bess elizaveta elisabetta elisa
margaret maggie meg peggy marge magaret magret margret margarita margherita greta marguerite margarete malgorzata
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
emily emmy emilia emilie emeli
emma emmy
wilhelmina mina willa
marcus marko markos
josiah yosia
job ayub eyob hiob iyob
jonah yona yonah yunus younes yunis yonis younus younis jonas yonas
enoch enock henoch
idris idrees driss edris idriis idrissa
noah nuhu nuh
salome
martha marta martah
lydia lidia lidya
lucy lucia lucie luci lusi
agatha agata
felicity felista felistas felicia
susanna shoshana
philomena philo filomena
monica monika mona
cecilia cecily sesilia celia
julia yulia julie ioulia yuliya iuliia yulya giulia julija yuliia
xenia ksenia kseniya ksenija xeniya kseniia
jeanne giovanna zhanna schanna janna
irene irina iryna irena irini
andrew anders andreas endrias
nicholas nikolaj nikolas nicolai miklos mikolaj
rudolph rudolf rodolfo rudi rudy
theophilus teofilo
ferdinand fernando fernand
magdalene magdalena magda madeleine madgalene lena
wycliffe wyclife wickliffe cliff
clifford cliff
terrence terry terence
reginald reggie reg
calvin cal
clement clem clemens
valentine val valentino
abigail abby gail abbie
alfonso alphonse alphonso
gabriel gabby gabe gabrieli jibril jibriil jibreel djibril jebril gavriil gavril
rhoda roda
ruth rute ruthu
naomi noemi
eunice yunis eunis
joyce joyse
rose rosa roza rosie rosemary
lilly lily
phoebe febe phebe
angela angie angelina anjela
antonia toni antonina
eva eve hawa hawo xaawo xaawa hawwa ewa evita hava
zipporah sipora zippy zipora safura
keziah kezia
jemimah jemima mimah
miriam mimi
adrian adriano hadrian
sebastian seba bastian sebastien
nathan natan
pascal paschal pascali
polycarp policarp
urbanus urban
onesmus onesimus onesmo
zablon zebulun zabloni
philemon filemon
ezekiel zeke ezekieli hezekiel ezekial
hezekiah hezekia
nehemiah nehemia
obadiah obadia
erastus rastus
shadrack shadrach
meshack meshach mishek
abednego abednago
"""

SLAVIC = """
maxim maksim maxime massimo
vladimir wladimir volodymyr volodya vova vladymyr
dmitry dima dmitri dimitri dmitriy dmytro dmitrij dmitrii dimitry dimitrij
sergei sergey serge sergio serhiy sergiy sergej sergii serguei serhii sergij
alexei alexey aleksey alyosha oleksiy alexej aleksei alexis aleksej oleksii alexeij alexeï
yevgenia evgenia zhenya
mikhail misha michail
ivan vanya iwan
vasily vasya vasiliy wassili vasyl basil vasilij vasilii vassili wassilij vassily wasili
natalia natasha nataliya natalya natalie natalija nataliia nathalie natalja
tatiana tanya tatyana tatjana
olga olha olya
svetlana sveta swetlana svitlana
khrushchev chruschtschow khrouchtchev hruscev chrusjtjov chroesjtsjov krushchev khruschev chruszczow
shcherbakov schtscherbakow chtcherbakov scherbakov scerbakov szczerbakow
zhukov schukow joukov zukov joukow zhukow
zhirinovsky schirinowski jirinovski zhirinovskiy zirinovskij
shevchenko schewtschenko chevtchenko sevcenko szewczenko shevtchenko tchevtchenko
chernov tschernow tchernov cernov czernow
tchaikovsky tschaikowski chaikovsky chaykovskiy cajkovskij tchaikovski czajkowski chaikovskii
gorbachev gorbatschow gorbatchev gorbacev gorbachov gorbaczow
soloviev solovyov solowjow solovyev solovev soloviov solovjev
vasiliev vasilyev wassiljew vassiliev vasilev vasiljev wasiljew
alekseev alexejew alekseyev alexeev alexeyev aleksejev alekseiev
dostoevsky dostojewski dostoyevsky dostoievski dostoevskij dostoevskiy
yevtushenko jewtuschenko evtushenko ievtouchenko evtusenko yevtouchenko
"""
