"""The documentation of settings is the code's."""

import dataclasses

import click

from builder.config import SiteConfig
from builder.config.docs import (
    PAGE,
    QUANTIZATION_PAGE,
    configuration_page,
    quantization_page,
)
from builder.config.field_docs import settings
from builder.config.options import config_options


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == configuration_page(), (
        "Run: python -m builder.config.docs"
    )


def test_the_table_of_quantization_modes_is_what_the_code_says() -> None:
    page = QUANTIZATION_PAGE.read_text(encoding="utf-8")
    assert page == quantization_page(page), "Run: python -m builder.config.docs"


def test_every_field_is_documented() -> None:
    fields = {field.name for field in dataclasses.fields(SiteConfig)}
    assert {setting.field for setting in settings()} == fields - {"config_file"}
    assert all(setting.doc.endswith(".") for setting in settings())


def test_every_default_is_a_value_that_the_setting_accepts() -> None:
    given = [setting for setting in settings() if setting.default is not None]
    for setting in given:
        parsed = setting.kind.parse(setting.default, SiteConfig().output.parent)
        assert parsed == setting.default


def test_every_setting_has_an_option_with_the_same_words() -> None:
    command = click.command()(config_options(lambda **_options: None))
    options = {option.name: option for option in command.params}
    assert [*options] == ["config", *(setting.field for setting in settings())]
    for setting in settings():
        option = options[setting.field]
        assert isinstance(option, click.Option)
        assert option.opts == [setting.option]
        assert (option.help or "").startswith(setting.doc.replace("`", ""))
