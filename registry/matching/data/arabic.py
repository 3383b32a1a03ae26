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

ARTICLE = "\u0627\u0644"
"""al-, written onto the word it belongs to."""

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
}  # fmt: skip
