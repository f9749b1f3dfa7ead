"""Files of places and counts are read as they come; what cannot be true is refused whole."""

from __future__ import annotations

import json

import pytest

from folkmoot.communities.importing.counted import read_counts
from folkmoot.communities.importing.known import known_characteristics, recognised
from folkmoot.communities.importing.lookups import read_lookup
from folkmoot.communities.importing.outlines import read_outlines
from folkmoot.communities.importing.plausible import check_list, force_name, force_sizes
from folkmoot.communities.importing.sheets import place_columns, read_sheet
from folkmoot.communities.importing.thinning import TOLERANCE, thinned
from folkmoot.core.errors import BadImport


def test_the_year_of_a_code_comes_from_its_column_or_from_whoever_knows(files):
    for head, year in (("LSOA21CD", 2021), ("lsoa21_code", 2021), ("LSOA 2011 Code", 2011)):
        sheet = read_sheet("a.csv", files.table([head, "n"], ["E01000001", "1"]))
        (column,) = place_columns(sheet)
        assert (column.kind, column.vintage, column.code) == ("lsoa", year, 0)
    sheet = read_sheet("a.csv", files.table(["geography code", "n"], ["E05000001", "1"]))
    with pytest.raises(BadImport, match="no year"):
        place_columns(sheet)
    assert place_columns(sheet, vintage=2022)[0].kind == "ward"


def test_a_lookup_says_what_lies_in_what_and_accounts_for_every_row(files):
    taken = read_lookup("lookup.csv", files.lookup())
    assert (taken.read, taken.used, len(taken.set_aside)) == (8, 8, 0)
    small, ward = ("lsoa", files.SMALL[0], 2021), ("ward", files.WARDS[0], 2024)
    assert taken.lies[small, ward] is True  # by best fit
    assert taken.lies[small, ("district", "E07099001", 2024)] is False
    assert taken.lies[ward, ("force", "E23099001", 2024)] is False


def test_a_place_listed_in_several_of_a_kind_lies_in_none_and_counts_once(files):
    head = ["lsoa21_code", "ltla24_code", "ltla24_name", "csp24_code", "csp24_name"]
    rows = [
        [code, "E07099001", "Joined", csp, name]
        for code in files.SMALL[:3]
        for csp, name in (("E22000001", "North"), ("E22000002", "South"))
    ]
    taken = read_lookup("lookup.csv", files.table(head, *rows))
    assert (taken.read, taken.used, len(taken.set_aside)) == (6, 3, 3)
    assert {reason for _, reason in taken.set_aside} == {
        "it repeats a place that stands above and differs only in csp24_code, csp24_name"
    }
    assert not [pair for pair in taken.lies if pair[0][0] == "lsoa" and pair[1][0] == "partnership"]
    assert (("partnership", "E22000001", 2024), ("district", "E07099001", 2024)) in taken.lies
    assert any("would have counted 6 for 3" in note for note in taken.notes)


def test_a_code_with_two_names_betrays_a_shifted_lookup(files):
    more = [
        [
            "Ferrydown 001A",
            files.SMALL[0],
            "Ward 2",
            files.WARDS[0],
            "Eastdown",
            "E07099001",
            "E23099001",
            "F",
        ]
    ]
    with pytest.raises(BadImport, match="two names"):
        read_lookup("lookup.csv", files.lookup(more=more))


def test_rows_of_another_length_are_refused_with_their_number():
    with pytest.raises(BadImport, match=r"row 3.*2 cells and the header 3"):
        read_sheet("a.csv", b"a,b,c\n1,2,3\n1,2\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_of_places_is_read_however_a_spreadsheet_wrote_its_letters(encoding):
    sheet = read_sheet("a.csv", "code,name\nW05000001,Llanrhaeadr Môn\n".encode(encoding))
    assert (sheet.header, sheet.column(1)) == (("code", "name"), ["Llanrhaeadr Môn"])


def test_outlines_come_from_topojson_as_from_geojson():
    arcs = [[[0, 0], [100, 0]], [[100, 0], [0, 100], [-100, 0], [0, -100]]]
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [-2, 53]},
        "arcs": arcs,
        "objects": {
            "wards": {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "Polygon",
                        "arcs": [[0, 1]],
                        "properties": {"WD22CD": "E05000001", "WD22NM": "One"},
                    }
                ],
            }
        },
    }
    taken = read_outlines("t.json", json.dumps(topology).encode())
    key = ("ward", "E05000001", 2022)
    assert taken.names == {key: "One"}
    ring = taken.outlines[key]["coordinates"][0][0]
    assert ring[0] == [-2.0, 53.0] and [-1.0, 54.0] in ring and ring[-1] == ring[0]


def test_outlines_that_are_not_in_longitude_and_latitude_are_refused(files):
    grid = files.squares().replace(b"[0, 50]", b"[431000, 529000]")
    with pytest.raises(BadImport, match="National Grid"):
        read_outlines("wards.geojson", grid)


def test_two_parts_of_one_place_are_one_place(files):
    taken = read_outlines("wards.geojson", files.squares([files.WARDS[0], files.WARDS[0]]))
    assert (taken.read, taken.used, len(taken.outlines)) == (2, 2, 1)
    assert len(taken.outlines["ward", files.WARDS[0], 2024]["coordinates"]) == 2
    assert "2 parts" in taken.notes[0]


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"type": "Topology"}', b'{"type":"FeatureCollection","features":[]}']
)
def test_broken_outlines_are_refused_with_a_sentence(content):
    with pytest.raises(BadImport):
        read_outlines("x.json", content)


def test_neighbours_keep_their_common_border_when_they_are_thinned():
    wavy = [[10 + (0.0002 if n % 2 else 0), 50 + n / 100] for n in range(101)]
    left = [[9, 50], *wavy, [9, 51], [9, 50]]
    right = [[11, 50], [11, 51], *wavy[::-1], [11, 50]]
    shapes = thinned(
        {
            1: {"coordinates": [[left]]},
            2: {"coordinates": [[right]]},
        }
    )

    def border(flat):
        x = y = 0
        found = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            if 99_000 < x < 101_000:
                found.append((x, y))
        return set(found)

    assert border(shapes[1][0][0]) == border(shapes[2][0][0])
    assert len(border(shapes[1][0][0])) < 10  # the waves are smaller than the tolerance
    assert TOLERANCE < 10


def test_a_place_too_small_for_the_map_stays_on_it():
    tiny = [[10, 50], [10.0003, 50], [10.0003, 50.0003], [10, 50.0003], [10, 50]]
    assert thinned({7: {"coordinates": [[tiny]]}})[7]


def test_a_long_table_reads_like_a_wide_one(files):
    head = [
        "Lower layer Super Output Areas Code",
        "Lower layer Super Output Areas",
        "Disability Code",
        "Disability",
        "Observation",
    ]
    rows = []
    for code in files.SMALL[:2]:
        rows.append([code, "x", "-8", "Does not apply", "0"])
        rows.append([code, "x", "1", "Disabled under the Equality Act", "20"])
        rows.append([code, "x", "2", "Not disabled under the Equality Act", "80"])
    taken = read_counts("TS038.csv", files.table(head, *rows), vintage=2021)
    (found,) = taken.tables
    assert found.categories == ("Disabled under the Equality Act", "Not disabled under the Equality Act")
    assert found.counts[files.SMALL[0]] == {found.categories[0]: 20, found.categories[1]: 80}
    assert (taken.read, taken.used) == (6, 6)


def test_a_mid_year_file_gives_everybody_the_sexes_and_the_ages(files):
    head = ["LAD 2021 Code", "LAD 2021 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    head += [
        f"{sex}{band}"
        for sex in "FM"
        for band in ("0 to 15", "16 to 29", "30 to 44", "45 to 64", "65 and over")
    ]
    rows = [["E07099001", "Eastdown", code, "x", "100", *["10"] * 10] for code in files.SMALL[:2]]
    taken = read_counts("sapelsoabroadage.csv", files.table(head, *rows))
    everybody, sex, both, age = taken.tables
    assert everybody.counts[files.SMALL[0]] == {"": 100}
    assert sex.counts[files.SMALL[0]] == {"Females": 50, "Males": 50}
    assert len(both.categories) == 10
    assert age.counts[files.SMALL[0]] == dict.fromkeys(age.categories, 20)
    assert recognised(age.categories).code == "age"
    assert taken.columns.kind == "lsoa"


def test_single_years_of_age_become_five_bands(files):
    head = ["lsoa21_code", "Total", *(f"{sex}{year}" for sex in "FM" for year in range(91))]
    taken = read_counts("mid-year.csv", files.table(head, ["E01000001", 182, *[1] * 182]))
    age = taken.tables[-1]
    assert age.counts["E01000001"] == {
        "0 to 15": 32,
        "16 to 29": 28,
        "30 to 44": 30,
        "45 to 64": 40,
        "65 and over": 52,
    }


def test_bands_of_age_that_leave_people_out_are_not_used(files):
    head = [
        "ltla21_code",
        "total_population",
        "total_females",
        "total_males",
        "younger_females",
        "younger_males",
    ]
    taken = read_counts(
        "ages.csv", files.table(head, *[[f"E0700000{n}", 100, 50, 50, 40, 40] for n in range(9)])
    )
    assert [one.about for one in taken.tables] == ["", "sex"]
    assert any("leave out 20.0%" in note for note in taken.notes)


def test_a_column_that_adds_up_others_and_a_share_are_no_categories(files):
    head = [
        "msoa21_code",
        "English",
        "Not English",
        "Not English: well",
        "Not English: not well",
        "Proportion who cannot",
    ]
    taken = read_counts("e.csv", files.table(head, ["E02000001", "90.0", "10.0", "7.0", "3.0", "0.03"]))
    assert taken.tables[0].categories == ("English", "Not English: well", "Not English: not well")
    assert len(taken.notes) == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["E01000001", "-1", "5"]], "a count cannot be -1"),
        ([["E01000001", "1.5", "5"]], "1.5 is no count"),
        ([["E01000001", "1", "5"], ["E01000001", "2", "5"]], "counted twice"),
        ([["E01000001", "1", "many"], ["E01000002", "1", "5"]], "is no count"),
    ],
)
def test_a_cell_that_cannot_be_true_refuses_the_file(files, rows, said):
    with pytest.raises(BadImport, match=said):
        read_counts("a.csv", files.table(["lsoa21_code", "Yes", "No"], *rows))


def test_totals_far_from_their_parts_refuse_the_file(files):
    rows = [[f"E0100000{n}", 100, 90, 90] for n in range(5)]
    with pytest.raises(BadImport, match="far from the sum of its parts in 5 of 5"):
        read_counts("a.csv", files.table(["lsoa21_code", "Total", "Yes", "No"], *rows))


def test_a_repeated_row_is_set_aside_and_an_index_counts_nobody(files):
    taken = read_counts("a.csv", files.table(["lsoa21_code", "Yes", "No"], *[["E01000001", "1", "2"]] * 2))
    assert (taken.read, taken.used, len(taken.set_aside)) == (2, 1, 1)
    with pytest.raises(BadImport, match="counts nobody"):
        read_counts(
            "imd.csv", files.table(["lsoa21_code", "IMD_decile", "IMD_rank"], ["E01000001", "3", "7"])
        )


KNOWN = {
    f"p{n}": size
    for n, size in enumerate([500, 900, 1300, 2100, 3400, 700, 1100, 1600, 2500, 4000, 800, 1900])
}


def test_a_list_shifted_by_a_row_is_refused_and_a_grown_one_is_not():
    order = list(KNOWN)
    grown = {place: round(people * 1.2) for place, people in KNOWN.items()}
    assert "none is out of proportion" in check_list(grown, order=order, known=KNOWN, known_as="the census")
    for step in (1, -1):
        moved = {place: KNOWN[order[(n + step) % len(order)]] for n, place in enumerate(order)}
        with pytest.raises(BadImport, match="shifted by a row"):
            check_list(moved, order=order, known=KNOWN, known_as="the census")


def test_a_shift_within_a_part_of_a_list_is_refused_too():
    order = [f"p{n}" for n in range(60)]
    known = {place: 1500 + (n * 397) % 700 for n, place in enumerate(order)}
    part = dict(known)
    for n in range(20, 45):
        part[order[n]] = known[order[n + 1]]
    with pytest.raises(BadImport, match="shifted"):
        check_list(part, order=order, known=known, known_as="the census")
    assert check_list(dict(known), order=order, known=known, known_as="the census")


def test_sizes_that_are_wild_are_refused_and_a_few_are_named():
    order = list(KNOWN)
    wild = {
        place: people * (5 if n % 3 == 0 else 1) for n, place in enumerate(order) for people in [KNOWN[place]]
    }
    with pytest.raises(BadImport, match="cannot be true"):
        check_list(wild, order=order, known=KNOWN, known_as="the census")
    one = KNOWN | {"p4": 9000}
    assert "1 out of proportion (p4 with 9,000 where 3,400 are known)" in check_list(
        one, order=order, known=KNOWN, known_as="the census"
    )
    assert check_list({"p1": 5}, order=order, known=KNOWN, known_as="the census") == ""


def test_forces_are_known_by_plain_names():
    assert force_name("London, City of") == force_name("City of London Police") == "city of london"
    assert force_name("Avon & Somerset Constabulary") == "avon and somerset"
    assert len(force_sizes()) == 43


def test_the_library_knows_which_categories_are_special():
    special = {one.code for one in known_characteristics() if one.special}
    assert special == {"ethnic-group-5", "ethnic-group-6", "religion", "disability", "sexual-orientation"}
    assert recognised(["Gay or Lesbian", "Bisexual"]).code == "sexual-orientation"
    assert recognised(["White", "Other ethnic group"]) is None  # in two ways of counting
