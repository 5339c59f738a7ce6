"""Which pages a role is offered."""

from django.conf import settings

from accounts.roles import Role
from portals.shared import navigation


def test_navigation_marks_the_page_in_view() -> None:
    offered = navigation.entries(Role.SECTION_HEAD, navigation.address("desk:done") or "")
    assert [entry.label for entry in offered if entry.current] == ["已办"]


def test_every_role_is_offered_something_and_an_icon_for_it() -> None:
    icons = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    assert set(navigation.OFFERS) == set(Role)
    for items in navigation.OFFERS.values():
        assert all(f'id="{icon}"' in icons for _label, _name, icon in items)


def test_what_has_no_page_is_not_offered() -> None:
    assert navigation.address("desk:no_such_page") is None
    assert navigation.entries(None) == []
    assert navigation.start(None) is None
