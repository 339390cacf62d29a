"""What can be wrong with the edges of a map."""


class GraphError(ValueError):
    """Base of all errors of maps."""


class SelfEdgeError(GraphError):
    """An edge from a node to itself: nobody is their own internal customer."""

    def __init__(self, node: int) -> None:
        self.node = node
        super().__init__(f"node {node} cannot serve itself")


class DuplicateEdgeError(GraphError):
    """A pair was observed twice; distinct people of two edges cannot be added up."""

    def __init__(self, provider: int, customer: int) -> None:
        self.provider = provider
        self.customer = customer
        super().__init__(f"the edge from {provider} to {customer} is given twice")


class NegativeCountError(GraphError):
    """A volume or a number of people below zero."""

    def __init__(self, provider: int, customer: int) -> None:
        self.provider = provider
        self.customer = customer
        super().__init__(f"the edge from {provider} to {customer} has a negative count")


class UnknownNodeError(GraphError):
    """An edge whose end is not among the nodes to be drawn."""

    def __init__(self, node: int) -> None:
        self.node = node
        super().__init__(f"node {node} is not among the nodes to draw")
