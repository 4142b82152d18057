"""The same as test_faults.py, for every single call."""
import test_faults


class EverySingleFault(test_faults.EveryFault):
    most = None
    most_starts = None
    most_errors = None


# Only the class above is to be found here.
del test_faults
