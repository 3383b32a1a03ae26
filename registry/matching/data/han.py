"""Chinese names: where an unspaced name is cut, and how its syllables are written in Latin letters.

    陈波平 → chen, boping       欧阳娜 → ouyang, na       zhang: chang (Wade-Giles), cheung (Hong Kong), teo (Hokkien)

Readings of single characters come from anyascii (Unihan). The double surnames are those of the Hundred Family
Surnames still in use. Wade-Giles without its apostrophes, which few write; Hong Kong spellings as the Government's
romanisation has them on identity cards; Hokkien and Teochew as in Singapore and Malaysia. Own collection.
"""

_DOUBLE = (
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 "
    "慕容 令狐 宇文 长孙 長孫 夏侯 轩辕 軒轅 端木 万俟 南宫 南宮 独孤 獨孤"
)
DOUBLE_SURNAMES = frozenset(_DOUBLE.split())

READINGS = {
    "曾": "zeng", "任": "ren", "单": "shan", "單": "shan", "仇": "qiu", "解": "xie", "区": "ou", "區": "ou",
    "查": "zha", "翟": "zhai", "覃": "qin", "缪": "miao", "繆": "miao", "朴": "piao", "乐": "yue", "樂": "yue",
    "盖": "ge", "蓋": "ge", "尉迟": "yuchi", "尉遲": "yuchi", "种": "chong", "洗": "xian", "万俟": "moqi",
}  # fmt: skip
"""Characters that are read otherwise as a family name than as a word."""

SURNAMES = (
    "chen chan tan tran chin chern", "wang wong ong", "zhang cheung chang teo teoh cheong chong", "li lee lei",
    "liu lau liew lao low", "huang hwang wee ng wong ooi bong", "lin lam lim lum", "wu woo goh ng",
    "zhou chow chou chew chau joe", "zhao chiu chao teo chew", "xu hsu tsui hui koh chee shyu", "zhu chu choo",
    "guo kwok kuo kwek quek kwock", "he ho hoe", "luo law lo loh lor", "xie hsieh tse tze cheah chia",
    "zheng cheng tay cheang tee", "liang leung niu leong neo", "ye yip yeh yap ip", "cai tsai choi chua chai choy",
    "yang yeung yeo yong yeoh young", "xiao hsiao siu siow seow", "deng tang teng", "cao tsao tso cho chou",
    "feng fung", "jiang chiang keung kong cheung", "lu lo luk loke lui look", "qian chien chin",
    "sun suen soon sung", "shen shum sim sham", "xue hsueh sit", "yan ngan yen gan yim", "yuan yuen",
    "gao kao ko koh", "han hon", "tang tong thng", "zeng tsang tseng chan", "peng pang pheng", "pan poon pun phua",
    "dong tung", "du to tu toh doe", "su so soo", "wei wai ngai", "ren yam jen yum", "yao yiu yew yeow",
    "jin kam chin gam", "tan tam tham", "qiu yau chiu khoo hew", "kong hung khong", "bai pak pai", "cui tsui chui",
    "kang hong kong", "mao mo", "gu koo ku", "ma mah", "hu wu woo oh", "song sung soong", "tian tin tien",
    "jia ka chia", "jian kan chien", "fu foo fu poo", "fan fan faan huan", "fang fong", "hao hau", "hong hung ang",
    "hou hau", "lei lui", "long lung", "meng mang", "mo mok", "ou au", "ding ting", "xia ha hsia har",
    "xiang heung hsiang", "xiong hung hsiung", "yin wan", "yu yue yee", "yue ngok", "zhan chim", "zhong chung",
    "zou chau tsou", "zuo cho", "shi shek sze shih see", "tao to", "wan man", "wen wan man", "wang wong", "yi yee",
    "ouyang auyeung auyang", "situ szeto", "mai mak", "pu po", "qin chun chin", "kuang kwong fong",
    "ruan yuen nguyen", "rong yung", "shao shiu", "ning ling", "ni ngai", "nie nip", "liao liu liew", "lan laam",
    "lai lye",
)  # fmt: skip
"""Each line is one family name in pinyin, then as others write it."""

GIVEN = (
    "ai ngai", "an on", "bao po pao", "bin pan pun", "bing ping", "bo por po bor pak", "chang cheung", "chao chiu",
    "cheng shing sing ching", "chun tsun", "da tai ta", "de tak te", "dong tung", "fa fat", "fang fong", "fei fai",
    "fen fun fan", "feng fung", "fu fuk foo", "gang kong kang", "guang kwong kuang", "gui kwai kuei",
    "guo kwok kuo", "hai hoi", "hao ho hau", "he wo ho", "hong hung", "hua wah hwa wa", "hui wai fai hwei",
    "ji kei chi", "jia ka chia kar", "jian kin chien", "jiang kong chiang", "jie kit chieh", "jin kam chin",
    "jing king ching", "juan kuen chuan", "jun chun kwan", "kai hoi", "kun kwan", "lan laan", "lei lui",
    "li lai lei", "lian lin lien", "liang leung", "lin lam", "ling", "long lung", "mei mui may mee", "min man",
    "ming", "na", "ning", "ping", "qi kei chi", "qiang keung chiang", "qin kan chin", "qing ching hing",
    "rong wing jung", "rui sui jui", "shan san", "shao siu shiu", "sheng sang shing", "shi see shih",
    "shu suk shuk", "shun", "tai", "tao to", "ting", "wei wai", "wen man", "wu mo", "xi hei hsi", "xia ha hsia",
    "xian sin hsien", "xiang heung hsiang", "xiao siu hsiao hiu", "xin sum sun yan hsin", "xing hing sing hsing",
    "xiong hung hsiung", "xiu sau hsiu", "xu yuk hsu", "xue suet hsueh", "yan yin yen", "yang yeung", "yi yee yi i",
    "ying", "yong wing yung", "you yau yu", "yu yuk yue yu", "yuan yuen", "yue yuet yueh", "yun wan", "ze chak tse",
    "zhen chan chun chen", "zheng ching cheng", "zhi chi chih", "zhong chung", "zi tsz tze chi tzu",
    "zong chung tsung", "zu cho tsu", "mao mou", "gao ko", "biao piu piao", "bi pik", "cai choi tsai",
    "cui chui tsui", "dan tan", "qun kwan chun", "ru yu ju", "song chung sung", "su so", "tian tin tien", "yao yiu",
    "ya nga",
)  # fmt: skip
"""The same of syllables of given names."""
