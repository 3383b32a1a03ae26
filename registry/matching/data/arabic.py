"""Arabic letters as Latin consonants, and the names whose vowels the script does not show.

    محمد   →   mohamed (listed)          زياد   →   zyad (letter by letter)

Transliterators that invent vowels invent wrong ones; skeletons need none. The letters follow
the BGN/PCGN 1956 system without diacritics. The names are the commonest ones, in their usual
East African spelling; own list.
"""

LETTERS = str.maketrans(
    {
        "\u0621": "", "\u0622": "a", "\u0623": "a", "\u0624": "w", "\u0625": "i", "\u0626": "i", "\u0627": "a",
        "\u0628": "b", "\u0629": "a", "\u062a": "t", "\u062b": "th", "\u062c": "j", "\u062d": "h", "\u062e": "kh",
        "\u062f": "d", "\u0630": "dh", "\u0631": "r", "\u0632": "z", "\u0633": "s", "\u0634": "sh", "\u0635": "s",
        "\u0636": "d", "\u0637": "t", "\u0638": "z", "\u0639": "a", "\u063a": "gh", "\u0640": "", "\u0641": "f",
        "\u0642": "q", "\u0643": "k", "\u0644": "l", "\u0645": "m", "\u0646": "n", "\u0647": "h", "\u0648": "w",
        "\u0649": "a", "\u064a": "i", "\u0671": "a", "\u067e": "p", "\u0686": "ch", "\u0698": "zh", "\u06a4": "v",
        "\u06a9": "k", "\u06af": "g", "\u06be": "h", "\u06c1": "h", "\u06cc": "i", "\u06d2": "y",
    }
)  # fmt: skip

SERVANT = "\u0639\u0628\u062f\u0627\u0644"
"""Abd al-, the servant of: written onto the attribute that follows."""

ARTICLE = "\u0627\u0644"
"""al-, written onto the word it belongs to."""

FEMININE = "\u0629"
"""Makes a woman's name of a man's: Karim, Karima."""

YA = "\u064a\u06cc"
"""A consonant at the head of a word, most often a vowel inside it."""

NAMES = {
    "محمد": "mohamed", "أحمد": "ahmed", "احمد": "ahmed", "محمود": "mahmoud", "علي": "ali", "على": "ali",
    "حسن": "hassan", "حسين": "hussein", "عمر": "omar", "عثمان": "osman", "إبراهيم": "ibrahim", "ابراهيم": "ibrahim",
    "إسماعيل": "ismail", "اسماعيل": "ismail", "يوسف": "yusuf", "موسى": "musa", "عيسى": "issa", "خالد": "khalid",
    "صالح": "saleh", "سالم": "salim", "سعيد": "said", "سليمان": "suleiman", "داود": "daud", "إدريس": "idris",
    "ادريس": "idris", "كريم": "karim", "رشيد": "rashid", "حمزة": "hamza", "طارق": "tariq", "مصطفى": "mustafa",
    "يحيى": "yahya", "زكريا": "zakaria", "جمال": "jamal", "كمال": "kamal", "ناصر": "nasser", "منصور": "mansour",
    "فيصل": "faisal", "ياسين": "yasin", "ياسر": "yasser", "بلال": "bilal", "أمين": "amin", "امين": "amin",
    "أنور": "anwar", "انور": "anwar", "أيوب": "ayub", "ايوب": "ayub", "يعقوب": "yaqub", "إسحاق": "ishaq",
    "اسحاق": "ishaq", "هارون": "harun", "نور": "nur", "عباس": "abbas", "جعفر": "jafar", "حامد": "hamid",
    "حميد": "hamid", "مجيد": "majid", "ماجد": "majid", "وليد": "walid", "زيد": "zaid", "سيف": "saif",
    "عادل": "adel", "عامر": "amer", "عصام": "issam", "عماد": "imad", "علاء": "alaa", "عائشة": "aisha",
    "حسيني": "husseini", "عتيبي": "otaibi", "عمري": "omari", "عبيد": "obaid", "عثماني": "othmani",
    "فاطمة": "fatuma", "خديجة": "khadija", "مريم": "maryam", "زينب": "zainab", "آمنة": "amina", "أمينة": "amina",
    "حليمة": "halima", "سعاد": "suad", "ليلى": "leila", "عبدالله": "abdallah", "عبدالرحمن": "abdrahman",
    "الله": "allah", "الرحمن": "rahman", "بكر": "bakr", "أبو": "abu", "ابو": "abu", "بن": "bin", "ابن": "ibn",
    "بنت": "bint", "شريف": "sharif", "فؤاد": "fuad", "مسعود": "masoud", "مبارك": "mubarak", "عوض": "awad",
    "ياسمين": "yasmin", "هشام": "hisham", "هيثم": "haitham", "حسام": "hussam", "سمير": "samir", "رانيا": "rania",
    "نادية": "nadia", "نجلاء": "najla", "هدى": "huda", "سلمى": "salma", "منى": "mona", "رنا": "rana", "ريم": "reem",
    "هبة": "hiba", "دعاء": "dua", "إيمان": "iman", "ايمان": "iman", "إيناس": "inas", "شيماء": "shaima",
    "أسماء": "asma", "اسماء": "asma", "صفاء": "safa", "لمياء": "lamia", "غادة": "ghada", "غسان": "ghassan",
    "مروان": "marwan", "زياد": "ziad", "رامي": "rami", "فادي": "fadi", "شادي": "shadi", "هاني": "hani",
    "مازن": "mazen", "باسم": "basem", "نزار": "nizar", "رائد": "raed", "وائل": "wael", "نبيل": "nabil",
    "بشار": "bashar", "بشير": "bashir", "جابر": "jaber", "جبريل": "jibril", "خليل": "khalil", "جليل": "jalil",
    "طلال": "talal", "طه": "taha", "فهد": "fahad", "سلطان": "sultan", "صلاح": "salah", "نجيب": "najib",
    "لطفي": "lutfi", "شكري": "shukri", "حسني": "hosni", "فتحي": "fathi", "مجدي": "majdi", "حمدي": "hamdi",
    "رفعت": "rifaat", "عزت": "izzat", "طلعت": "talaat", "بهاء": "baha", "ضياء": "dia", "رضا": "rida",
    "يونس": "yunus", "إلياس": "ilyas", "الياس": "ilyas", "لقمان": "luqman", "نوح": "nuh", "آدم": "adam",
    "ادم": "adam", "حواء": "hawa", "سارة": "sara", "هاجر": "hajar", "رقية": "ruqaya", "أم": "umm",
    "كلثوم": "kulthum", "زهراء": "zahra", "زهرة": "zahra", "نورة": "nura", "هند": "hind", "عفاف": "afaf",
    "وفاء": "wafa", "نجار": "najjar", "خطيب": "khatib", "قحطاني": "qahtani", "غامدي": "ghamdi", "زهراني": "zahrani",
    "دوسري": "dosari", "شمري": "shammari", "مختار": "mukhtar", "جامع": "jama", "فارح": "farah", "ورسمة": "warsame",
    "علمي": "elmi", "ديرية": "dirie", "معلم": "moallim", "عبدي": "abdi", "حرسي": "hersi", "غوليد": "guled",
    "روبلي": "roble", "شري": "shire", "قاسم": "qasim", "عبود": "abbud", "حاتم": "hatim", "طاهر": "tahir",
    "ظاهر": "zahir", "صابر": "sabir", "صادق": "sadiq", "صبري": "sabri", "فريد": "farid", "فارس": "faris",
    "فاروق": "faruq", "فضل": "fadl", "قيس": "qais", "ماهر": "mahir", "محسن": "muhsin", "مراد": "murad",
    "مهدي": "mahdi", "مؤمن": "mumin", "منير": "munir", "نعيم": "naim", "نادر": "nadir", "نجم": "najm",
    "هلال": "hilal", "هادي": "hadi", "وسيم": "wasim", "وحيد": "wahid", "يزيد": "yazid", "ثابت": "thabit",
    "حكيم": "hakim", "حليم": "halim", "رحيم": "rahim", "رزاق": "razaq", "سلام": "salam", "فتاح": "fatah",
    "قادر": "kadir", "لطيف": "latif", "مالك": "malik", "ملك": "malik", "نصر": "nasr", "وهاب": "wahab",
    "عزيز": "aziz", "غني": "ghani", "جبار": "jabar", "صمد": "samad", "حبيب": "habib", "حسان": "hassan",
    "حيدر": "haidar", "خضر": "khidr", "دانيال": "daniel", "راشد": "rashid", "راضي": "radi", "رمضان": "ramadan",
    "شعبان": "shaban", "رجب": "rajab", "شوقي": "shawqi", "ضاهر": "dahir", "عدنان": "adnan", "علوي": "alawi",
    "عمار": "ammar", "عمران": "imran", "عواد": "awad", "غازي": "ghazi", "فائز": "faiz", "فهمي": "fahmi",
    "قمر": "qamar", "كامل": "kamil", "لبنى": "lubna", "ليث": "laith", "معاذ": "muadh", "معاوية": "muawiya",
    "مها": "maha", "ناجي": "naji", "نعمة": "nima", "هالة": "hala", "هناء": "hana", "ولاء": "wala", "يسرى": "yusra",
    "إسراء": "isra", "أميرة": "amira", "أمل": "amal", "آية": "aya", "بثينة": "buthaina", "بسمة": "basma",
    "تهاني": "tahani", "ثريا": "thurayya", "جميل": "jamil", "جميلة": "jamila", "جواد": "jawad", "حنان": "hanan",
    "خولة": "khawla", "دلال": "dalal", "دينا": "dina", "ربيع": "rabi", "رحمة": "rahma", "زكي": "zaki",
    "سكينة": "sakina", "سناء": "sana", "سهام": "siham", "سهيل": "suhail", "شهاب": "shihab", "صفية": "safiya",
    "عبير": "abir", "فرح": "farah", "فوزي": "fawzi", "فوزية": "fawzia", "كوثر": "kawthar", "مديحة": "madiha",
    "مروة": "marwa", "نسرين": "nisrin", "نوال": "nawal", "هيفاء": "haifa", "وردة": "warda",
}  # fmt: skip
