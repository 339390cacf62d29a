from neike.kernel import modules


class ChaosConfig(modules.Module):
    name = "tests.kernel.chaos"
    label = "chaos"
