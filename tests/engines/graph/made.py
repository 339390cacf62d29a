"""Random edges and the log of a house whose services are known."""

from collections import Counter, defaultdict

from hypothesis import strategies as st

from neike.engines.graph import Edge

NODES = st.integers(1, 9)
PAIRS = st.tuples(NODES, NODES).filter(lambda pair: pair[0] != pair[1])


@st.composite
def edges(draw, most=30):
    """Edges between few nodes, so that volumes meet; some without volume, some with few people."""
    pairs = draw(st.lists(PAIRS, unique=True, max_size=most))
    return [
        Edge(*pair, draw(st.integers(0, 40)), draw(st.integers(0, 5)), draw(st.integers(0, 5)))
        for pair in pairs
    ]


def folded(log):
    """Fold hand-overs (provider, customer, provider's person, customer's person) into edges."""
    volume = Counter((provider, customer) for provider, customer, _, _ in log)
    people = defaultdict(lambda: (set(), set()))
    for provider, customer, one, other in log:
        people[provider, customer][0].add(one)
        people[provider, customer][1].add(other)
    return [
        Edge(*pair, count, len(people[pair][0]), len(people[pair][1]))
        for pair, count in volume.items()
    ]


@st.composite
def houses(draw):
    """A house where each of 24 or more departments serves the next one or two: (its services, its log).

    Every service carries 40 to 48 hand-overs by four people at each end. Then at most 2 · 48 leave or enter a
    department and at least 24 · 40 happen in all, so that chance gives a pair at most 96² / 960 < 10 and each is
    at least four times as loud. A pair of strangers with 60 hand-overs beside does not change that enough to matter.
    """
    size = draw(st.integers(24, 28))
    number = dict(enumerate(draw(st.permutations(range(100, 100 + size)))))
    second = draw(st.sets(st.integers(0, size - 1)))
    services = [(number[i], number[(i + 1) % size]) for i in range(size)]
    services += [(number[i], number[(i + 2) % size]) for i in sorted(second)]
    log = [
        (provider, customer, provider * 10 + turn % 4, customer * 10 + turn % 4)
        for provider, customer in services
        for turn in range(draw(st.integers(40, 48)))
    ]
    return services, log
