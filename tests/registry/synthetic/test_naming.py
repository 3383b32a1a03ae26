from registry.synthetic.draws import Draw, stream
from registry.synthetic.naming import Word, complete, names_of, words_of
from registry.synthetic.record import Name, Sex
from registry.synthetic.traditions import Part, Slot, Tradition, traditions

BY_NAME = {tradition.name: tradition for tradition in traditions()}


def constant(value: float) -> Draw:
    return lambda: value


def word(role: str, text: str, particle: str | None = None, original: str | None = None) -> Word:
    part = Part((text,), original)
    slot = Slot(role, particle, (part,), None)  # type: ignore[arg-type]  # roles of the tests are known ones
    return Word(slot, part, text)


def named(tradition: str, words: list[Word], value: float, sex: Sex = "male") -> list[Name]:
    return names_of(BY_NAME[tradition], sex, words, constant(value))


def many(tradition: Tradition, sex: Sex) -> list[Name]:
    draws = [stream(1, index) for index in range(1500)]
    return [name for draw in draws for name in names_of(tradition, sex, words_of(tradition.forms[sex][0], draw), draw)]


def test_a_name_is_mostly_written_plainly() -> None:
    (name,) = named("luo", [word("given", "Peter"), word("family", "Ouma")], 0.5)

    expected = {"full": "Peter Ouma", "parts": {"given": "Peter", "family": "Ouma"}, "script": "Latn", "kind": "legal"}
    assert name == expected


def test_some_clerks_write_capitals() -> None:
    assert named("luo", [word("given", "Peter"), word("family", "Ouma")], 0.05)[0]["full"] == "PETER OUMA"


def test_some_clerks_write_the_family_name_first() -> None:
    assert named("luo", [word("given", "Peter"), word("family", "Ouma")], 0.10)[0]["full"] == "OUMA, Peter"


def test_a_single_name_has_nothing_to_turn_round() -> None:
    assert named("luo", [word("family", "Ouma")], 0.10)[0]["full"] == "Ouma"


def test_a_particle_stays_with_the_name_it_stands_before() -> None:
    (name,) = named("kalenjin", [word("given", "Kibet"), word("family", "Korir", "arap")], 0.5)

    assert name["full"] == "Kibet arap Korir"
    assert name["parts"] == {"given": "Kibet", "family": "arap Korir"}


def test_two_names_of_one_role_are_kept_together() -> None:
    words = [word("given", "Ali"), word("middle", "Jama"), word("middle", "Noor"), word("family", "Farah")]

    assert named("somali", words, 0.5)[0]["parts"]["middle"] == "Jama Noor"


def test_an_original_stands_beside_its_latin_spelling_or_instead_of_it() -> None:
    words = [word("given", "Ivan", original="Иван"), word("family", "Orlov", original="Орлов")]

    assert [name["script"] for name in named("russian", words, 0.5)] == ["Latn", "Cyrl"]
    assert [name["script"] for name in named("russian", words, 0.7)] == ["Latn"]
    assert [name["full"] for name in named("russian", words, 0.9)] == ["Иван Орлов"]


def test_two_originals_of_one_role_are_kept_together() -> None:
    words = [word("given", "Ali", original="علي"), word("given", "Omar", original="عمر")]

    assert named("arabic", words, 0.9)[0]["parts"] == {"given": "علي عمر"}


def test_a_chinese_original_begins_with_the_family_and_has_no_blank() -> None:
    words = [word("given", "Wei", original="伟"), word("family", "Wang", original="王")]

    assert named("chinese", words, 0.9)[0]["full"] == "王伟"


def test_a_woman_may_have_had_another_family_name() -> None:
    previous = [name for name in many(BY_NAME["kikuyu"], "female") if name["kind"] == "previous"]

    assert previous
    assert all("family" in name["parts"] for name in previous)


def test_men_and_people_who_keep_their_names_have_no_previous_one() -> None:
    kept = many(BY_NAME["somali"], "female") + many(BY_NAME["kikuyu"], "male")

    assert not [name for name in kept if name["kind"] == "previous"]


def test_a_nickname_stands_alone_or_after_a_given_name() -> None:
    nicknames = [name["full"] for name in many(BY_NAME["somali"], "male") if name["kind"] == "nickname"]

    assert {len(nickname.split()) for nickname in nicknames} >= {1, 2}


def test_rare_names_are_composed_so_that_a_million_people_are_plausible() -> None:
    listed = {text for slot in BY_NAME["luo"].forms["male"][0] for part in slot.parts for text in part.spellings}
    families = {name["parts"]["family"] for name in many(BY_NAME["luo"], "male") if name["kind"] == "legal"}

    assert len(families - listed) > 100


def test_a_latin_spelling_says_which_original_it_stands_for() -> None:
    words = [word("given", "Ivan", original="Иван"), word("family", "Orlov", original="Орлов")]
    names = named("russian", words, 0.5)

    complete(names, 1970, 2025, constant(0.9))

    assert names[0]["transliterates"] == "Иван Орлов"
    assert "transliterates" not in names[1]


def test_a_name_given_up_has_an_end_and_an_alias_a_beginning() -> None:
    words = [word("given", "Mary"), word("family", "Auma")]
    names = named("luo", words, 0.01, "female")

    complete(names, 1970, 2025, constant(0.1))

    assert [(each["kind"], each.get("since"), each.get("until")) for each in names] == [
        ("legal", None, None),
        ("previous", None, "1991"),
        ("alias", "1991", None),
    ]


def test_no_name_was_given_up_in_the_future() -> None:
    names = named("luo", [word("given", "Mary"), word("family", "Auma")], 0.01, "female")

    complete(names, 2004, 2025, constant(0.4))

    assert {each.get("until") or each.get("since") for each in names} <= {None, "2025"}
