"""Chinese surnames: what separates the family name from the given name in an unspaced name.

    陈波平   →   chen, boping          欧阳娜   →   ouyang, na

Readings of single characters come from anyascii (Unihan). The double surnames are those of the
Hundred Family Surnames still in use; the romanised variants follow Wade-Giles, Hong Kong and
Hokkien practice.
"""

_DOUBLE = (
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 "
    "慕容 令狐 宇文 长孙 長孫 夏侯 轩辕 軒轅 端木 南宫 南宮 独孤 獨孤"
)
DOUBLE_SURNAMES = frozenset(_DOUBLE.split())

SURNAMES = (
    "chen chan tan tran", "wang wong ong", "zhang cheung chang teo teoh", "li lee lei", "liu lau liew lao",
    "huang hwang wee ng", "lin lam lim", "wu woo goh", "zhou chow chou chew", "zhao chiu chao",
    "xu hsu tsui hui", "zhu chu choo", "guo kwok kuo kwek", "he ho hoe", "luo law lo loh", "xie hsieh tse tze",
    "zheng cheng tay cheang", "liang leung niu", "ye yip yeh yap", "cai tsai choi chua", "yang yeung yeo",
    "xiao hsiao siu", "deng tang teng", "cao tsao tso", "feng fung", "jiang chiang keung", "lu lo luk",
    "qian chien chin", "sun suen", "shen shum sim", "xue hsueh sit", "yan ngan yen", "yuan yuen",
)  # fmt: skip
"""Each line is one family name in pinyin, then as others write it."""
