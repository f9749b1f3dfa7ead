"""The tags that every page uses: fields, errors, pages of a list, standings, tabs, both sides."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from folkmoot.ui.forms import DayInput, Fields
from folkmoot.ui.pictures import reliance
from folkmoot.ui.pictures.reliance import Dot


def render(source, **context):
    return Template("{% load ui_tags %}" + source).render(Context(context))


class ActivityForm(Fields, forms.Form):
    name = forms.CharField(help_text="As it is known locally.")
    day = forms.DateField(required=False)
    why = forms.CharField(widget=forms.Textarea, label="Why it should work")
    kind = forms.ChoiceField(choices=[("o", "Organisation"), ("c", "Community")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I have read it")


def test_a_field_joins_its_label_hint_and_error_to_its_control():
    html = render("{% field form.name %}", form=ActivityForm(data={}))
    assert '<label class="govuk-label govuk-label--s" for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert "govuk-input--error" in html and 'aria-invalid="true"' in html


def test_a_missing_answer_is_named_in_the_summary_and_linked_to_its_control():
    html = render("{% error_summary form %}", form=ActivityForm(data={}))
    assert '<a href="#id_name">Enter: name</a>' in html
    # the first of the radio buttons takes the focus
    assert '<a href="#id_kind_0">Choose: kind</a>' in html
    assert '<a href="#id_agreed">Tick “I have read it”</a>' in html
    assert "day" not in html


def test_no_summary_where_all_is_well():
    assert render("{% error_summary form %}", form=ActivityForm()).strip() == ""


def test_errors_of_a_whole_form_are_said_without_a_link():
    form = ActivityForm(data={})
    form.add_error(None, "These two days do not follow one another.")
    assert "<li>These two days do not follow one another.</li>" in render(
        "{% error_summary form %}", form=form
    )


def test_what_may_stay_empty_says_so():
    assert "Day (optional)" in render("{% field form.day %}", form=ActivityForm())
    assert "optional" not in render("{% field form.name %}", form=ActivityForm())
    assert "optional" not in render("{% field form.day choosing=True %}", form=ActivityForm())


def test_choices_are_a_group_with_a_legend_and_one_label_each():
    html = render("{% field form.kind %}", form=ActivityForm(data={"kind": "c"}))
    assert "<fieldset" in html and "<legend" in html
    assert html.count('type="radio"') == 2
    assert 'for="id_kind_1">Community</label>' in html
    assert html.index("checked") > html.index('value="c"')


def test_dates_use_the_devices_own_picker_and_long_texts_are_short():
    form = ActivityForm()
    assert isinstance(form.fields["day"].widget, DayInput)
    assert 'type="date"' in render("{% field form.day %}", form=form)
    assert 'rows="5"' in render("{% field form.why %}", form=form)
    assert 'rows="9"' in render("{% field form.why rows=9 %}", form=form)


def test_a_form_without_the_mixin_works_too():
    class Plain(forms.Form):
        places = forms.MultipleChoiceField(choices=[("a", "Street")], widget=forms.CheckboxSelectMultiple)
        file = forms.FileField()
        secret = forms.CharField(widget=forms.HiddenInput)

    form = Plain(data={})
    assert 'type="checkbox"' in render("{% field form.places %}", form=form)
    assert "govuk-file-upload--error" in render("{% field form.file %}", form=form)
    assert "<label" not in render("{% field form.secret %}", form=form)


def test_what_people_wrote_is_escaped_in_fields_and_summaries():
    form = ActivityForm(data={"name": "<b>x</b>", "kind": "<i>"})
    assert "<b>x" not in render("{% field form.name %}", form=form)
    assert "<i>" not in render("{% error_summary form %}", form=form)


def test_the_pager_keeps_the_other_filters():
    page = Paginator(range(200), 10).page(5)
    html = render(
        "{% pager page %}", page=page, request=RequestFactory().get("/", {"aim": "C1", "page": "5"})
    )
    assert 'href="?aim=C1&amp;page=4"' in html and 'href="?aim=C1&amp;page=6"' in html
    assert html.count("ellipsis") == 2
    assert 'aria-label="Page 5" aria-current="page"' in html
    assert "41 to 50 of 200" in html


def test_one_page_needs_no_pager_but_says_how_many_there_are():
    html = render("{% pager page %}", page=Paginator(range(3), 10).page(1))
    assert "<nav" not in html and "3 in all" in html


def test_a_standing_is_always_shape_and_word():
    html = render('{% standing "thin" "against" scope="network" %}')
    assert "<svg" in html and 'aria-hidden="true"' in html
    assert "thin, against" in html and "network:" in html


def test_an_unknown_standing_breaks_the_page_rather_than_show_a_word_without_a_shape():
    with pytest.raises(KeyError):
        render('{% standing "proven" %}')


def test_both_sides_stand_in_equal_columns_and_an_empty_side_is_said():
    html = render(
        '{% sides %}{% side "for" count=2 %}<p>two trials</p>{% endside %}{% side "against" %} {% endside %}{% endsides %}'
    )
    assert html.count("<section") == 2
    assert "For (2)" in html and "Against (0)" in html
    assert "Nothing recorded reads against it." in html


def test_tabs_are_links_to_panels_that_are_all_on_the_page():
    html = render(
        '{% tabs %}{% tab "List" count=3 %}one{% endtab %}{% tab "Grid" %}two{% endtab %}{% endtabs %}'
    )
    assert 'href="#list"' in html and 'id="list"' in html and "List (3)" in html
    assert "one" in html and "two" in html
    # a second set on the same page does not inherit the first
    again = render(
        "{% tabs %}{% tab 'A' %}a{% endtab %}{% endtabs %}{% tabs %}{% tab 'B' %}b{% endtab %}{% endtabs %}"
    )
    assert again.count('class="govuk-tabs__tab"') == 2


def test_states_have_their_word_beside_their_colour():
    assert "govuk-tag--yellow" in render('{% state_tag "provisional" %}')
    assert ">Provisional<" in render('{% state_tag "provisional" %}')
    assert ">Something new<" in render('{% state_tag "something_new" %}')


def test_a_picture_comes_with_its_table_and_on_a_phone_the_ranked_rows_first():
    dots = [Dot(f"Assumption {n}", f"/a/{n}", "none", None, 0, 0, float(n)) for n in range(30)]
    html = render('{% picture p id="r" first=5 all_url="/all" %}', p=reliance.draw(dots))
    first = html[html.index("fm-picture__first") : html.index("fm-picture__narrow")]
    assert first.count("<li") == 5
    assert "Assumption 29" in first and "All 30 in a list" in first
    table = html[html.index("<table") :]
    assert table.count("<tr") == 31


def test_no_part_carries_an_inline_style_or_script():
    html = render(
        "{% standings_key %}{% field form.kind %}{% details 'x' %}y{% enddetails %}"
        "{% notification title='t' kind='refused' %}z{% endnotification %}",
        form=ActivityForm(data={}),
    )
    assert "style=" not in html and "<script" not in html and not re.search(r"\son[a-z]+=", html)


def test_a_message_names_the_question_that_it_is_about():
    class Asked(Fields, forms.Form):
        many = forms.IntegerField(min_value=0, max_value=100, label="How many, in 100% of streets?")
        said = forms.CharField(max_length=3, label="What was said?")

    assert Asked({"many": "-1", "said": ""}).errors == {
        "many": ["“How many, in 100% of streets?” takes 0 or more"],
        "said": ["Answer: What was said?"],
    }
    assert Asked({"many": "101", "said": "long"}).errors == {
        "many": ["“How many, in 100% of streets?” takes 100 or less"],
        "said": ["“What was said?” takes at most 3 characters; there are 4"],
    }
