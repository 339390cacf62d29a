"""App configuration."""

from neike.kernel import modules


class SurveysConfig(modules.Module):
    name = "neike.surveys"
    label = "surveys"
