"""Pairs that a lawyer can read, and extend: what was asked, what the register holds, and what may be said of it.

    same         strong: the name is borne out by something else
    can't tell   possible: an officer must look further
    different    weak: not to be held against anybody

Every person is invented. A person is written "names ; birth date ; further values", names separated by " / ".
"""

from registry.core.partial_dates import PartialDate
from registry.matching.types import Handle, Identifier, Identity

SAME = (
    ("Name and full birth date agree.", "Peter Kamau Njoroge;1984-05-03", "Peter Kamau Njoroge;1984-05-03"),
    ("The order of names does not matter.", "NJOROGE, Kamau Peter;1984-05-03", "Peter Kamau Njoroge;1984-05-03"),
    ("A middle name was left out.", "Ezekiel Njoroge;1984-05-03", "Ezekiel Kamau Njoroge;1984-05-03"),
    ("A name was added.", "Peter Kamau Njoroge Maina;1984-05-03", "Peter Kamau Njoroge;1984-05-03"),
    ("Kikuyu vowels with and without marks.", "Wanjikũ Mũthoni;1990-11-30", "Wanjiku Muthoni;1990-11-30"),
    ("Kikuyu c and ch.", "Mary Wacera Gacanja;1979-02-12", "Mary Wachera Gachanja;1979-02-12"),
    ("A final vowel heard differently.", "Ezekiel Njorogi;1969-09-17", "Ezekiel Njoroge;1969-09-17"),
    ("A prenasalised consonant written plain.", "Samuel Degwa;1988-03-21", "Samuel Ndegwa;1988-03-21"),
    ("The apostrophe of Ng'ang'a.", "Simon Nganga;1977-07-14", "Simon Ng'ang'a;1977-07-14"),
    ("Luo final h.", "Tom Otienoh Ochieng';1981-12-09", "Tom Otieno Ochieng;1981-12-09"),
    ("Luhya b and v.", "Martin Wavwire;1975-04-27", "Martin Wabwire;1975-04-27"),
    ("Kamba y and i.", "Kioko Mutisia;1982-10-19", "Kyoko Mutisya;1982-10-19"),
    ("Kalenjin Kip and Kib.", "Kibkoech Langat;1993-06-25", "Kipkoech Lang'at;1993-06-25"),
    ("A Kalenjin name written apart.", "Daniel Kip Limo;1986-11-27", "Daniel Kiplimo;1986-11-27"),
    ("A Kalenjin name written together.", "Daniel Chepkorir;1986-11-27", "Daniel Chep Korir;1986-11-27"),
    ("arap is no name of its own.", "Joseph arap Sang;1958-08-13", "Joseph Sang;1958-08-13"),
    ("ole is no name of its own.", "Moses Saitoti Nkaissery;1971-03-29", "Moses ole Saitoti Nkaissery;1971-03-29"),
    ("Somali spelling of Arabic names.", "Maxamed Cabdi Xasan;1983-09-15", "Mohamed Abdi Hassan;1983-09-15"),
    ("Somali Abdi for Abdirahman.", "Abdi Guled Warsame;1987-02-24", "Abdirahman Guled Warsame;1987-02-24"),
    ("bin is no name of its own.", "Hassan bin Omar Shee;1964-12-21", "Hassan Omar Shee;1964-12-21"),
    ("The Arabic article on and off.", "Khalid Ghamdi;1980-05-16", "Khalid Al-Ghamdi;1980-05-16"),
    ("The Arabic article written onto the name.", "Khalid Alghamdi;1980-05-16", "Khalid Al-Ghamdi;1980-05-16"),
    ("Abd al-Rahman in one word.", "Abdulrahman Saleh;1974-10-23", "Abd al-Rahman Saleh;1974-10-23"),
    ("Arabic script for the same name.", "محمد حسين صالح;1985-07-18", "Mohamed Hussein Saleh;1985-07-18"),
    ("Cyrillic script for the same name.", "Мария Волкова;1991-04-26", "Mariya Volkova;1991-04-26"),
    ("German spelling of a Russian name.", "Wladimir Wolkow;1972-01-28", "Vladimir Volkov;1972-01-28"),
    ("Devanagari for the same name.", "संजय शर्मा;1976-06-22", "Sanjay Sharma;1976-06-22"),
    ("Ethiopic for the same name.", "አበበ ተስፋዬ;1989-08-17", "Abebe Tesfaye;1989-08-17"),
    ("Chinese characters for the same name.", "陈波平;1990-03-19", "Chen Boping;1990-03-19"),
    ("A Chinese given name in two words.", "Chen Bo Ping;1990-03-19", "Chen Boping;1990-03-19"),
    ("An English short form.", "Bill Odongo;1970-02-25", "William Odongo;1970-02-25"),
    ("A Swahili form of a Biblical name.", "Yohana Mwakio;1968-11-14", "John Mwakio;1968-11-14"),
    ("An initial for a middle name.", "Grace A. Onyango;1992-09-28", "Grace Akinyi Onyango;1992-09-28"),
    ("One slip of the typist.", "Geoffrey Onyagno;1978-05-24", "Geoffrey Onyango;1978-05-24"),
    ("A scanner read rn for m.", "Brian Ornondi;1994-07-29", "Brian Omondi;1994-07-29"),
    ("A scanner read a digit for a letter.", "M0ses Wafula;1973-12-18", "Moses Wafula;1973-12-18"),
    ("Day and month were swapped.", "Felix Mutua Musyoka;1984-03-05", "Felix Mutua Musyoka;1984-05-03"),
    ("The year is one off, the day is right.", "Felix Mutua Musyoka;1985-05-13", "Felix Mutua Musyoka;1984-05-13"),
    ("A number decides without a name.", ";;id:23456789", "Alice Naliaka Simiyu;1990;id:23456789"),
    ("A number with blanks and dashes.", ";;id:23-456 789", "Alice Naliaka Simiyu;1990;id:23456789"),
    (
        "A number one slip away, and the name.",
        "Alice Naliaka Simiyu;1990;id:23456798",
        "Alice Naliaka Simiyu;1990;id:23456789",
    ),
    ("An alias counts as much as the name.", "Simba Mkali;1988-10-26", "Ali Juma / Simba Mkali;1988-10-26"),
    (
        "A maiden name, kept as an alias.",
        "Rose Adhiambo Owiti;1983-01-22",
        "Rose Ouma / Rose Adhiambo Owiti;1983-01-22",
    ),
)

CANNOT_TELL = (
    ("A phone number in another form.", ";;phone:0712 345 678", "Kevin Kiptoo;1995;phone:+254712345678"),
    ("A phone number dialled from abroad.", ";;phone:00254712345678", "Kevin Kiptoo;1995;phone:+254712345678"),
    ("An e-mail address in capitals.", ";;mail:KEV.K@EXAMPLE.ORG", "Kevin Kiptoo;;mail:kev.k@example.org"),
    ("A handle without its punctuation.", ";;handle:@kingkev254", "Kevin Kiptoo;;handle:king.kev_254"),
    ("Two common names and the birth date.", "Peter Njoroge;1984-05-03", "Peter Kamau Njoroge;1984-05-03"),
    ("A name alone is never strong.", "Peter Kirumba Nyamu", "Peter Kirumba Nyamu;1984-05-03"),
    ("A rare name alone is not strong either.", "Zipporah Nyamwathi Kirumba", "Zipporah Nyamwathi Kirumba"),
    ("A year of birth is no second discriminator.", "Wycliffe Masinde Khaemba;1979", "Wycliffe Masinde Khaemba;1979"),
    ("1 January stands for a day not known.", "Saida Athman Bwana;1966-04-11", "Saida Athman Bwana;1966-01-01"),
    ("A common name and a whole birth date in part.", "Faith Muthoni Kirumba;1991-06", "Faith Muthoni Kirumba;1991"),
    ("A spelling alone.", "Maxamuud Faarax Guuleed", "Mohamud Farah Guled"),
    ("Three names in another script.", "محمد حسين صالح", "Mohamed Hussein Saleh"),
    (
        "The number is held by somebody of another name.",
        "Jane Wambui Kirumba;;id:23456789",
        "Ali Juma Athman;;id:23456789",
    ),
)

DIFFERENT = (
    ("Two people of one common name.", "John Mwangi", "John Mwangi"),
    ("One name in common.", "Peter Kamau", "Peter Odhiambo"),
    ("Namesakes born years apart.", "Peter Kamau Njoroge;1984-05-03", "Peter Kamau Njoroge;1971-11-28"),
    ("Namesakes with a rare name, born years apart.", "Zipporah Nyamwathi;1962", "Zipporah Nyamwathi;1990-04-11"),
    ("Brother and sister: Otieno and Atieno.", "Otieno Okumu;1985", "Atieno Okumu;1985"),
    ("Brother and sister: Kiprono and Cheprono.", "Kiprono Bett;1985", "Cheprono Bett;1985"),
    ("Brothers: other first name, other birth date.", "Ali Juma Faraj;1984-05-03", "Hamisi Juma Faraj;1987-09-21"),
    ("Father and son.", "Omar Hassan Shee;1990-03-02", "Omar Hassan Shee;1961-08-19"),
    ("One name of three differs.", "Mary Wanjiku Kamau;1980", "Mary Njeri Kamau;1980"),
    ("The sex differs.", "Mueni Mutua;1988;sex:female", "Mutua Mueni;1988;sex:male"),
    ("Another person's number, one slip away.", "Brian Ouko;1990;id:23456798", "Ann Chebet;1971;id:23456789"),
    ("Only the birth date agrees.", "James Barasa;1984-05-03", "Yusuf Haji;1984-05-03"),
    ("Only a year agrees.", "Kilonzo Mutiso;1984", "Wekesa Barasa;1984"),
    ("Mohamed is no evidence.", "Mohamed Ali", "Mohamed Hassan"),
    ("Names of one sound and another look.", "Amos Maina", "Hamisi Munyao"),
    ("An initial is little.", "J. Mwangi", "Joseph Mwangi"),
    ("A handle of the same letters.", ";;handle:kingkev999", "Kevin Kiptoo;;handle:kingkev254"),
    ("Nothing in common.", "Svetlana Ivanova;1990-05-05", "Wafula Barasa;1970-01-09"),
)

VERDICTS = {"strong": SAME, "possible": CANNOT_TELL, "weak": DIFFERENT}

COMMON = {
    "john": 30000, "peter": 25000, "james": 22000, "mary": 20000, "kamau": 9000, "mwangi": 12000, "njoroge": 6000,
    "mohamed": 40000, "ali": 25000, "hassan": 20000, "hussein": 9000, "juma": 9000, "wanjiku": 5000, "joseph": 20000,
    "otieno": 9000, "njeri": 5000, "omar": 8000, "maina": 7000, "mutua": 6000, "barasa": 4000,
}  # fmt: skip
"""How many of a million profiles bear a name; others are borne by RARE."""
RARE = 300


def identity(text: str) -> Identity:
    """Read a person as they are written above."""
    names, born, *more = [part.strip() for part in (text + ";;").split(";")][:3]
    kind, _, value = (more[0] if more else "").partition(":")
    return Identity(
        names=tuple(name for name in names.split(" / ") if name),
        birth_date=PartialDate.parse(born) if born else None,
        sex=value if kind == "sex" else None,
        identifiers=(Identifier("national_id", value, "KE"),) if kind == "id" else (),
        phones=(value,) if kind == "phone" else (),
        emails=(value,) if kind == "mail" else (),
        handles=(Handle(None, value),) if kind == "handle" else (),
    )
