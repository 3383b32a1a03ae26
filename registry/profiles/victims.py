"""The register holds no victim's data: input that looks like it is refused before it is stored.

    is_about_victim("Alleged victim's name")        True; also "jinaLaMtoto", "PW1", "minor_dob"
    is_about_victim("victim_age_band")              False: of a victim, age band and sex are all that is kept
    in_text("Defiled Asha Wanjiru, aged 11")        "a name beside a child's age"
    in_text("Indecent act with a child, s. 11(1)")  None

A text is read as a row of kinds of words (``victim mark name letter``), and each rule is a pattern of kinds. Capitals
decide nothing, for officers write in capitals, in small letters and in tables. So a name is a word that neither the
tables below nor the endings of English words explain: beside a victim an unknown word is refused rather than stored,
and whoever wrote an innocent one writes it differently. What identifies nobody passes: "a child aged 13", "his own
daughter". Of a victim, called so, an exact age is refused too, because the band is what is kept.

Names of offenders are not asked about here; addresses are, hence the words for places ("Pangani Girls, Ngara").
"""

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_letters

# -- kinds of words

KINDS = {
    "victim": """victim victims complainant complainants prosecutrix survivor survivors mwathiriwa waathiriwa mwathirika
        waathirika mlalamikaji walalamikaji mlalamishi walalamishi manusura mhanga wahanga mdhulumiwa wadhulumiwa""",
    "child": """child girl boy minor infant baby toddler juvenile teenager teen kid youngster adolescent newborn orphan
        schoolgirl schoolboy schoolchild mtoto msichana mvulana kitoto kigori""",
    "children": """children girls boys minors infants babies toddlers juveniles teenagers teens kids youngsters orphans
        adolescents schoolgirls schoolboys schoolchildren daughters sons nieces nephews pupils learners grandchildren
        stepchildren watoto wasichana wavulana wanafunzi wajukuu mabinti""",
    "kin": """daughter son niece nephew stepdaughter stepson stepchild granddaughter grandson grandchild goddaughter
        godson pupil learner schoolmate classmate bintiye mwanawe mwanaye mwanae mwana mpwa mpwawe mjukuu mjukuuwe
        mwanafunzi""",
    "student": "student",
    "binti": "binti",
    "guardian": """mother father mum dad mom parent parents guardian grandmother grandfather aunt uncle stepmother
        stepfather mama baba mzazi mlezi nyanya babu shangazi mjomba mamake babake""",
    "named": """named called known name names namely alias aka aitwaye anayeitwa anaitwa aliyeitwa anayejulikana
        aliyejulikana jina majina""",
    "aged": "aged age ages umri",
    "years": "year years yr yrs y",
    "months": "month months mth mths",
    "miaka": "miaka mwaka miezi",
    "old": "old yo",
    "born": "born dob birthdate birthday kuzaliwa aliyezaliwa alizaliwa amezaliwa",
    "month": """january february march april may june july august september october november december jan feb mar apr
        jun jul aug sep sept oct nov dec januari februari machi aprili mei juni julai agosti septemba oktoba novemba
        desemba""",
    "of": "of wa ya la za cha vya",
    "for": "for kwa",
    "his": "his her hers their its my our own yake wake lake zake yao wao lao wangu yangu langu wetu yetu",
    "was": "was is were be been being are ni alikuwa ana akiwa ndiye",
    "article": "a an the",
    "small": """this that said then now who which whose about only just approximately approx barely nearly mr mrs miss
        ms bi bw bwana bibi as ambaye mwenye wenye yule huyo huyu takriban kama wakati female male kike kiume""",
    "at": "at in on near into within inside outside along opposite behind beside katika kwenye karibu mjini",
    "dwelling": "home house school village villages estate residence address place nyumbani shule",
    "lives": "lives lived live living resides resided residing attends attended studies anaishi aliishi anasoma",
    "place": """homes houses schools academy nursery kindergarten creche daycare centre center church chapel cathedral
        mosque parish mission college university institute polytechnic hospital clinic dispensary court courts road
        street avenue lane drive close highway town city market plaza hostel hostels hotel lodge flat flats apartments
        phase block building towers stage shop store supermarket hardware ltd limited company co enterprises foundation
        trust organisation organization association fund society group sacco club team fc choir ministry ministries
        department office officer bureau council commission agency network initiative project programme program
        orphanage shelter refuge rescue remand library museum park garden gardens playground stadium farm ranch ward
        junction roundabout""",
    "head": "chuo kanisa msikiti hospitali zahanati kituo nyumba makao mtaa barabara soko mahakama duka st saint",
    "quality": """primary secondary high junior senior special day boarding mixed catholic anglican methodist sda aic
        presbyterian acp pcea international national community county public private medical north south east west""",
    "penal": """imprisonment imprisoned prison jail jailed custody custodial sentence sentenced sentences served serving
        serve term terms concurrent concurrently consecutive consecutively suspended probation fine fined remanded
        supervision registration ban banned order orders parole jela gerezani gereza kifungo kamiti langata manyani
        kodiaga shpo sopo ltso mso cso penalty minimum maximum""",
    "bound": "less more below under above over younger older upwards between",
    "contact": "phone telephone tel mobile cell number id certificate simu nambari kitambulisho namba email",
    "young": """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen mbili tatu nne tano sita saba nane tisa kumi""",
    "number": """eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred ishirini thelathini
        arobaini hamsini sitini""",
    "name": """mohamed mohammed muhamed muhammed mohamedi ahmed ahamed hamed hammed saeed sayed syed khaled waleed majed
        rashed hameed rasheed fred alfred wilfred winfred manfred mildred jared obed reed javed naveed elly emily kelly
        sally molly polly billy lily lilly milly nelly willy beverly kimberly shelly holly lovely clement precious
        blessing happiness goodness faithful joyful xiuying jianing sterling anastasia anabella anamaria wanambisi axmed
        maxamed mahamed mahomed achmed hemed guled maged muhumed sayeed winifred fely gilly wesly zhiming tianming""",
    "word": """
and or but nor not no none any all every each some both either neither other another such same also very too so if when
while where why how what whom because since until before after during against with without from to by off up down out
through across per than like upon toward among amongst except again once never always often still yet there here it he
she they we you i him them us me himself herself themselves these those most least few many much several half first
second third last next do does did done has have had having will would shall should can could might must cannot let go
goes went gone come came get got make made take took taken give gave given say see saw seen know knew think thought tell
told find found keep kept leave left feel felt bring brought met meet hear heard lie lay lost run ran sent send spoke
speak slept sleep woke wore held hold hit cry fell ate drank stood swore became become began begin broke bought caught
chose drove hid hurt led paid put read shot sold spent stole taught threw thrown understood lying work stay attend want
remain suffers reside refuse state appear identifies identify testifies testify demo test article act law code bill cap
rule part chapter schedule paragraph count charge case nos file ref offence offender offense crime criminal appellant
respondent applicant defendant convict suspect perpetrator prosecutor republic magistrate judge justice judiciary
tribunal registrar registry chief principal resident appeal ruling verdict plea trial evidence witnesses testimony
report record bond bail warrant police officers detective inspector unit desk dci dpp odpp ob cr hccr hccra spm pmcr
cmcr soa sec sub ksh kenya sex sexual rape defile incest indecent indecency assault abuse abuser pornography porn labour
labor marriage molester molest groomer sexting nudity material image video picture photo photograph film csam csae
online internet web site chat media social platform app account content device theft neglect cruelty defiler murder fgm
harm safety safe risk welfare protective safeguard care carer caretaker minder sitter support impact service counsellor
counselor assistance advocate lawyer liaison notice contact consent right best interest access maintenance dependant
dependent health mortality survival bride worker working employee actor proof size rate figure band groups gender man
men woman women person people adult youth lady ladies guy member families relative household wife husband spouse partner
girlfriend boyfriend friend neighbour neighbor brother sister cousin sibling step foster adoptive mental body disability
disabilities deaf blind dumb ill sick pregnant virgin alive dead unknown withheld present absent alone asleep afraid
drunk oldest young youngest little small big large new real true different able aware guilty subject due free underage
teenage traffic injury injuries wound detail matter issue repair teacher class classes classroom form grade standard
level lesson bus buses van uniform dormitory dorm matron patron head headteacher tutor coach coaches leader pastor
priest bishop imam scout guide brigade football teams ball game sport play toy clothes wear shoes food sweets gifts
money phones call message text bed bedroom room toilet bathroom bath shower kitchen door window forest bush bushes river
field path car vehicle taxi matatu boda motorcycle bicycle bike toyota driver conductor rider watchman guard askari cook
gardener cleaner nurse doctor clinician dna hiv prc post days week weekend hour minute night morning evening afternoon
today yesterday tomorrow date time period km m meters distance radius area places premises property constituency
district region country countries abroad overseas airport addresses residential plot box po gate way stop bar ii iii am
re vs v ngo usa central local global african general annual curfew licence permit approval approach approaches visit
enter entry volunteer use user using view share distribute possess produce publish download upload request seek offer
buy sell pay trade god lord jesus good bad wrong interview voice drawings list identity identities data info fact column
profile register database search match matches entries system policy policies strategy plan type kind sort nature
purpose reason result example mutual domestic violence gbv crisis hotline helpline line hospice trauma therapy therapist
surveillance gang attempt conspiracy intent knowledge fear threat force weapon knife panga method pattern point corner
green blue red black white angels smart smile future choice fee benefit grant gap difference bracket range limit
minority majority counsel pool camp fair clubs genital organ na au ama wala lakini kuwa hadi mpaka baada kabla bila
pamoja tu pia sana hata sasa leo jana kesho kila wote yote zote wengine mwingine nyingine wengi wachache mmoja wawili
watatu wanne watano wadogo mdogo mkubwa wakubwa mchanga wakike wakiume mungu yatima kwanza pili jirani kambo kufikia
shuleni mtaani kijijini kijiji hospitalini mahakamani polisi kituoni msingi sekondari awali darasa mwalimu walimu mtu
watu mwanamke mwanaume wanaume mke mume dada kaka ndugu jamaa familia mzee vijana kijana ambao ambayo ambapo wale hao
huo hii hizo hilo hiyo hapo kosa makosa kesi hukumu adhabu sheria kifungu ubakaji unyanyasaji ulawiti kubakwa kubaka
kunajisi kunajisiwa kulawiti kulawitiwa kunyanyaswa kudhulumiwa kuachwa haki ulinzi usalama ajira ndoa biashara picha
mtandao mtandaoni siku wiki saa usiku mchana asubuhi jioni mjamzito mimba shahidi mashahidi mshtakiwa mtuhumiwa mkosaji
hakimu jaji wakili serikali jamhuri jaribio chini dhidi yenye zenye kwake kwao hawezi hakuna si sio ndio hapana afya
elimu huduma ustawi idara ofisi kufanya kuwasiliana kukutana kukaribia kuishi kutembelea kuonana mawasiliano mbali mita
ruhusa rafiki marafiki wazazi walezi limehifadhiwa linahifadhiwa halikutajwa alongside instead regard mandatory life
hard release whether appropriate adequate individual similar offline digital commercial plus minus versus verbal spot
therefore thus else rather even soon later earlier ago ahead away back forth forward together apart aside nothing nobody
somebody anybody everyone someone anyone start end continue cause involve concern relate applies include contain cover
follow show mean require grow grew raise teach teaches train trusts help protect watch watches talk touch touches groom
look ask answer recant flee rescues return treat depict contrary default yes cyber flag row table screen representative
investigate immediate danger original specific particular additional common legal full locale actual correct exact final
recent past whole entire total aggregate effective main alternative reformatory discharge behaviour behavior absolute
strokes death straight patient passenger customer nanny inmate detainee prisoner refugee migrant clerk item note
category page wherever whenever otherwise although though maybe thing side top edge front rear middle upper lower deep
long short great better worse worst late latest value amount degree rest reference source context copy mode title object
target entity event error history role power control base build break pass change check choose claim compare complete
consider consult cross decide defend deny direct draw drop earn ensure exist explain express fail fall fight fill fit
fix gain guess hang happen ignore insert join kill lack learn listen lock marry mind mix move obey open owe pick pose
prefer prepare press prevent prove pull push quit reach realise receive recall recognise recover reduce refer reject
remember remove repeat resist respect restrain ride save select separate set settle shout sign sit skip steal struggle
submit suggest surrender swear tend threaten throw transfer travel try turn understand wait walk warn write wrote bitten
broken chosen forgotten hidden shown spoken stolen sworn meant prior onwards weak strong simple single double certain
clear low thin healthy forensic financial moral normal official oral personal positive negative anal vaginal tribe
tribal predator villager elder assistant milk water firewood errand shopkeeper trainer music shelters orphanages wedding
party parties birthdays holiday journey transport kutoka kuhusu miongoni yeyote wowote yoyote kwenda hadharani dating
going eating soil delinquency tattoo scar chifu stall ke kenyan face""",
}  # fmt: skip
"""The kinds a rule speaks of: ``young`` is a number below 18, ``name`` also each word that nothing here explains, and
``word`` what stands beside a victim, a child or a number in honest texts, with or without -s. Besides these a rule
knows ``date``, ``letter``, ``initials``, ``colon``, ``mark``, ``open`` and ``shut`` (brackets) and ``stop``.
"""
_ENDINGS = re.compile(
    r"[a-z]{2,}(?:ed|ly|tions?|sions?|ments?|ness|ships?|able|ible|ful|less|ical|ous|ism|[a-z]{2}ing)"
    r"|(?:a|wa|u|tu)(?:li|na|me|ta|ka|ki)[a-z]{3,}[aeiu]"
)
"""How words end that are no names: English ones, and Swahili verbs (``alipigwa``, ``anayeishi``)."""

# -- rules


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of kinds of words that looks like a victim's data, a sample of it, and what is told of it."""

    found: str
    sample: str
    row: str


SHORT = {
    "NAME": "[name initials]",
    "RUN": "(?<![at name initials head penal]) [name initials]{1,8} letter?",  # names, but none of "at Kibera"
    "LINK": "[PAUSE article small was of his letter]",
    "AGE": "(?: aged [colon mark small was of]{0,3} miaka? young | young years? old | [young number] months old)",
    "ANY": "[victim child children kin student binti]",
    "BINTI": "(?: binti his [PAUSE]{0,2} | (?<! name) binti)",  # but "Fatuma binti Ali" is an adult's name
    "BORN": "born [colon mark at article small of was]{0,3} [young number month of]{0,3} mark? date",
    "NOPLACE": "(?! [name child children kin letter of]{0,6} [place dwelling quality])",  # "Child Jesus Parish"
    "NOHEAD": "(?<! [head place dwelling][of for])",  # "Kituo cha Watoto Tumaini"
    "NOTERM": "(?! [^stop]{0,2} [penal bound])",  # "15 years imprisonment"
    "NORANGE": "(?! years? old? word{0,2} [bound young])",  # "eleven years or less", "12 to 15"
    "PAUSE": "colon mark open shut",
}
"""What the rows below say in short."""

_NAME_AGE = "a name beside a child's age"
_VICTIM_NAME = "a word for a victim beside a name"
_KIN_NAME = "a relation to a child beside a name"
_CHILD_NAME = "a word for a child beside a name"
_NAMED = "the name of a victim or child"
_BIRTH = "a birth date beside a word for a child"
RULES = (
    Rule("initials of a minor beside an age", "A.W.M., a girl aged 9",
         "initials [mark open article small was child kin]{0,5} AGE"),
    Rule(_NAME_AGE, "Asha Wanjiru, aged 11", "NAME LINK{0,4} AGE"),
    Rule(_NAME_AGE, "CN, a child aged 5 years", "RUN [mark open article small was of his child kin student]{0,5} AGE"),
    Rule(_NAME_AGE, "Asha, a girl of eleven", "RUN LINK{0,3} [child kin] [of bound] [article small]{0,2} young NOTERM"),
    Rule(_NAME_AGE, "Asha Wanjiru, 11 years", "RUN [mark open small]{0,2} young [years months] NOTERM"),
    Rule(_NAME_AGE, "Asha wa miaka 9", "RUN [mark open small of]{0,2} miaka young NOTERM"),
    Rule(_NAME_AGE, "Asha (12)", "RUN open young years? shut"),
    Rule(_NAME_AGE, "11-year-old Asha", "young years? old [PAUSE]? ANY? [PAUSE]? his? NOPLACE NAME"),
    Rule(_NAME_AGE, "msichana wa miaka 13, Halima", "[child kin binti] [of small aged]{1,5} miaka young mark? NAME"),
    Rule(_NAME_AGE, "Name: Asha. Age: 11", "named [PAUSE]{0,2} NAME{1,4} letter? [mark stop]{1,2} aged colon? young"),
    Rule(_NAMED, "a girl named Halima",
         "ANY [^stop place dwelling]{0,5} named [colon mark article small of his was]{0,3} NAME"),
    Rule(_NAMED, "name of girl: Halima",
         "named [colon mark article small of his was]{0,3} ANY [colon mark was]{0,2} NOPLACE NAME"),
    Rule(_VICTIM_NAME, "victim: Jane D.",
         "victim young? [colon mark open]{0,3} [article small young]{0,2} [child kin]? [PAUSE]? NAME"),
    Rule(_VICTIM_NAME, "the victim was Asha", "victim was small{0,2} NAME (?: NAME | letter | [PAUSE stop] | $)"),
    Rule(_VICTIM_NAME, "Mary (PW1)", "RUN [PAUSE]{1,2} [article small]? victim (?: [was PAUSE stop] | $)"),
    Rule(_KIN_NAME, "his daughter Asha", "NOHEAD kin his? [PAUSE]{0,2} [small young]? NOPLACE NAME"),
    Rule(_KIN_NAME, "mtoto wa Hamisi", "NOHEAD [kin child binti] his? of (?: [word small]{1,2} mark?)? NOPLACE NAME"),
    Rule(_KIN_NAME, "mwanafunzi wa darasa la sita Asha", "[kin student] of word of young mark? NAME"),
    Rule(_KIN_NAME, "binti yake Asha", "BINTI NOPLACE NAME"),
    Rule(_KIN_NAME, "Asha, his niece", "RUN (?: [PAUSE]{1,2} [article small his]{0,3} | his) kin NOPLACE"),
    Rule(_KIN_NAME, "Asha, a class 5 pupil", "RUN mark? article? word{1,2} young [kin student]"),
    Rule(_KIN_NAME, "a student Halima", "student NOPLACE NAME"),
    Rule(_KIN_NAME, "the child's mother Grace", "ANY his? guardian [PAUSE]{0,2} small? NOPLACE NAME"),
    Rule(_CHILD_NAME, "the girl, one Halima", "NOHEAD child his? [PAUSE]{0,2} [small young]? NOPLACE NAME"),
    Rule(_CHILD_NAME, "two girls Asha and Zawadi",
         "(?<! [name place dwelling quality]) NOHEAD children his? [colon open]? NOPLACE NAME"),
    Rule(_CHILD_NAME, "J.A. (a minor)", "RUN [PAUSE]{1,2} [article small]{0,2} child (?: [PAUSE stop] | $)"),
    Rule(_BIRTH, "child born on 2 March 2014", "[victim child kin student] [PAUSE article small was his]{0,3} BORN"),
    Rule(_BIRTH, "birth date of the victim: 2014-03-02",
         "born [of article small]{0,2} [victim child kin] [colon mark was]{0,2} [young number month of]{0,3} date"),
    Rule("a victim's number", "victim's phone 0712 345 678",
         "[victim child] his? contact [contact word]? [colon mark was]{0,2} [young number date]"),
    Rule("a victim's home or school", "the victim's home at Kawangware",
         "victim (?: dwelling [colon mark at article small named was]{1,3} | [small was]{0,2} lives at?) NAME"),
    Rule("a victim's age", "the complainant was 11 years old", "young years? old victim"
         " | victim (?: [PAUSE article small was his]{0,3} AGE NORANGE | open young years? shut)"),
)  # fmt: skip
"""Asked in this order; the first that is found is told."""

_LETTERS = dict(
    zip((*KINDS, "date", "letter", "initials", "colon", "mark", "open", "shut", "stop"), ascii_letters, strict=False)
)


def _compiled(row: str) -> re.Pattern[str]:
    """Return a row as a pattern in which each kind is one letter; every repetition in it is bounded."""
    for short, long in SHORT.items():
        row = row.replace(short, long)
    return re.compile(re.sub("[a-z]+", lambda kind: _LETTERS[kind[0]], row).replace(" ", ""))


_PATTERNS = tuple((rule.found, _compiled(rule.row)) for rule in RULES)

# -- texts

PHRASES = {
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](?:one|two|three|four|five|six|seven|eight|nine)":
        "99",
    "kumi na (?:nane|tisa)": "18",
    r"d\. ?o\. ?b\b\.?|(?:date of birth|birth date|tarehe ya kuzaliwa)": "born",
    r"(?:years?|yrs?)[ -]of[ -]age|y/o": "years old",
    "(?:identified|known|referred to) as|by the name(?: of)?|kwa jina(?: la)?": "named",
    "(?:younger|little|kid|baby|minor) (?:sister|brother|sibling|cousin)|mdogo wake": "niece",
    "(?:shamba|house|office|turn|beach|ball|call|bar|delivery)[ -]?(?:boy|girl)s?": "worker",
    "school[ -](?:boy|girl)": "pupil",
    "school[ -](?:boys|girls|children)": "pupils",
    "(?:and|&|na) (?:sons|daughters)": "company",
}  # fmt: skip
"""Words that mean something else together, and what they are read as."""
_PHRASE = re.compile("|".join(rf"(?P<p{place}>(?<!\w)(?:{each})(?!\w))" for place, each in enumerate(PHRASES)))
_MEANT = tuple(PHRASES.values())
_ENUMERATION = re.compile(r"(?:^|[^0-9 ]) ?\(1\)")
_IN_BRACKETS = re.compile(r"\([0-9]{1,2}\)")
_TOKEN = re.compile(
    r"(?P<victim>pw[ -]?[0-9]{1,2})(?![^\W_])"
    r"|(?P<date>[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}){0,2})(?![0-9])"
    r"|(?P<number>[0-9]+(?:[.,:/-][0-9]+){0,4})(?:(?:st|nd|rd|th)\b)?"
    r"|(?P<initials>[a-z](?:\.[a-z](?![a-z])){1,5}\.?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+){0,4})(?:(?<=\byrs)\.|(?<=\b(?:yr|no|mr|st))\.|(?<=\b[a-z])\.)?"
    r"|(?P<colon>:)|(?P<mark>[,/\"&]|\.\.+)|(?P<open>[(\[])|(?P<shut>[)\]])|(?P<stop>[.;!?])"
)
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
_YOUNG = re.compile(r"(?:[1-9]|1[0-7])(?:\.5)?")
_BREAKS = {each: chr(each).lower() if chr(each).isalpha() else " " for each in range(128)} | dict.fromkeys(b"([", " ( ")
_TRIGGERS = frozenset(
    " ".join(KINDS[kind] for kind in ("victim", "child", "children", "kin", "student", "binti", "aged", "old")).split()
) | {"pw", "y", "younger", "little", "mdogo"}
"""Without one of these words a rule finds no more than a bare age."""
_BARE_TRIGGERS = frozenset({"(", *" ".join(KINDS[kind] for kind in ("years", "months", "miaka")).split()})
_SMALL = "|".join(("[1-9]", "1[0-7]", *KINDS["young"].split()))
_BARE_AGE = re.compile(
    rf"[(\[](?<![0-9].)[\W_]*(?:{_SMALL})(?![0-9])"
    rf"|(?<![0-9])(?:{_SMALL})[\W_]*(?:years?|yrs?|months?|mths?)(?![a-z]| imprisonment)"
    rf"|(?:{'|'.join(KINDS['miaka'].split())})[\W_]*(?:{_SMALL})"
)
"""A bare age or a term: "Asha (12)", "Asha, 11 years", "miaka 9"."""


def in_text(text: str) -> str | None:
    """What in a text looks like a victim's data, as an English phrase that quotes nothing; None where nothing does.

    Most texts of a million records hold none of the words that start a rule, so that is asked first.
    """
    plain = text if text.isascii() else _folded(text)
    words = plain.translate(_BREAKS).split()
    if _TRIGGERS.isdisjoint(words) and (_BARE_TRIGGERS.isdisjoint(words) or not _BARE_AGE.search(plain.casefold())):
        return None
    return _in_row(_row(plain))


def _in_row(row: str) -> str | None:
    return next((found for found, pattern in _PATTERNS if pattern.search(row)), None)


def _folded(text: str) -> str:
    """Return a text in small letters without marks, in plain digits, apostrophes and commas."""
    straight = re.sub("[\u2018\u2019\u02bc]", "'", text.replace("\u00bd", ""))
    return "".join(_plain(each) for each in unicodedata.normalize("NFKD", straight).casefold())


def _plain(each: str) -> str:
    category = unicodedata.category(each)
    if each.isascii() or category[0] == "L":
        return each
    if category == "Nd":
        return str(unicodedata.digit(each))
    return "" if category[0] == "M" or category == "Cf" else ", " if category[0] in "PS" else " "


def _row(plain: str) -> str:
    """Return the kinds of a text's words, a letter each."""
    line = _PHRASE.sub(lambda found: _MEANT[int((found.lastgroup or "p0")[1:])], " ".join(plain.casefold().split()))
    if _ENUMERATION.search(line):
        line = _IN_BRACKETS.sub("", line)
    return "".join(_LETTERS[_kind(found.lastgroup or "word", found[0])] for found in _TOKEN.finditer(line))


def _kind(group: str, token: str) -> str:
    if group == "number":
        return "young" if _YOUNG.fullmatch(token.rstrip("sthnrd")) else "number"
    if group not in ("word", "initials"):
        return group
    word = token.replace(".", "").removesuffix("'s")
    known = _KIND_OF.get(word)
    if known or group == "initials":
        return known or group
    if len(word) == 1:
        return "letter"
    return "word" if _ENDINGS.fullmatch(word) or _KIND_OF.get(word.removesuffix("s")) == "word" else "name"


# -- names of members, keys and columns

INNOCENT_NAMES = {
    "childhood": "the offender's own",
    "(?:contact|works?|working) with (?:children|minors)": "a restriction or an occupation",
    "involves (?:a )?(?:child|minor)": "a fact of the offence, with no child in it",
    "child (?:protection|welfare|abuse) (?:unit|officer|office|desk|department)": "an office",
    "(?:child|childs|children|childrens) (?:act|courts?|officer|office|department|home|offences?)":
        "a statute, a court, an office, an offence",
    "minor (?:offences?|injury|injuries|traffic)": "minor as small",
    "juvenile (?:court|justice|record|offences?|convictions?)": "of the offender's own youth",
    "learner (?:driver|permit|licence)": "a document",
    "(?:mahakama|sheria) ya watoto": "the Children's Court, the Children Act",
}  # fmt: skip
"""Names in which a word for a child means none, each with what it means."""
_INNOCENT = re.compile(rf"\b(?:{'|'.join(INNOCENT_NAMES)})\b")
_KEPT = re.compile("(?:convictions? |[0-9]+ )*victim ?(?:age ?band|sex)")
"""What is kept of a victim, also where a table spreads a record over columns."""
_STEMS = (
    "victim complainan prosecutrix survivor mwathiri waathiri mlalami walalami manusura mhanga wahanga dhulumiwa "
    "children juvenile schoolgirl schoolboy schoolchild mtoto watoto msichana wasichana mvulana wavulana"
)
"""What means a victim or a child within any word, also in ``nameofvictim``."""
_CHILD = "|".join(" ".join(("childs binti", KINDS["child"], KINDS["children"], KINDS["kin"])).split())
_OF_A_PERSON = "(?:names?|ages?|dob|sex|gender|school|class|address|phone|tel|id|initials|birth|photo)"
_ABOUT_VICTIM = re.compile(
    rf"{'|'.join(_STEMS.split())}"
    rf"|\b(?:name|age|dob|jina|umri)?(?:of|la|wa)?(?:the)?(?:{_CHILD})(?:s?{_OF_A_PERSON})?\b"
    rf"|\bpw ?[0-9]{{1,2}}{_OF_A_PERSON}?\b|^v ?[0-9]{{1,2}} ?{_OF_A_PERSON}?$"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def is_about_victim(name: str) -> bool:
    """Whether a member, key or column of that name would hold a victim's or a child's data."""
    letters = (each for each in unicodedata.normalize("NFKD", name) if unicodedata.category(each) not in ("Mn", "Cf"))
    plain = re.sub("['\u2018\u2019\u02bc]", "", "".join(letters))
    whole, parted = (re.sub(r"[\W_]+", " ", each.casefold()).strip() for each in (plain, _HUMP.sub(" ", plain)))
    if _KEPT.fullmatch(whole) or _KEPT.fullmatch(parted):
        return False
    innocent = _INNOCENT.sub(" ", parted)
    return bool(_ABOUT_VICTIM.search(innocent) or (innocent == parted and _ABOUT_VICTIM.search(whole)))
