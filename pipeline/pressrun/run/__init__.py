"""The parts of a run that are more than calling a stage: what is there already, what is to do, in which order."""
