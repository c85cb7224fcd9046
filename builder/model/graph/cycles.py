"""Finds circles in what depends on one another: layers, functions, nodes of a graph."""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def find_circle(sources: Mapping[Key, Collection[Key]]) -> list[Key]:
    """Return the members of one circle, each before what depends on it; [] where there is none.

    `sources` says of each member what it depends on; what is no member itself is passed over.
    Takes time in proportion to the number of dependencies, and recurses nowhere.
    """
    done: set[Key] = set()
    for start in sources:
        trail: dict[Key, None] = {}
        stack = [(start, iter(sources[start]))] if start not in done else []
        while stack:
            member, left = stack[-1]
            trail.setdefault(member)
            following = next((s for s in left if s in sources and s not in done), None)
            if following is None:
                done.add(member)
                del trail[member]
                stack.pop()
            elif following in trail:
                members = list(trail)
                return members[members.index(following) :][::-1]
            else:
                stack.append((following, iter(sources[following])))
    return []
