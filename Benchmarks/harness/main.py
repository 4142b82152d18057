"""Runs the commands that were asked for and prints the table."""
import argparse

import ask_and_tell
import compute
import million
import racing
import report
import studies
import wire
from machine import say

COMMANDS = {"trial": compute.trial, "peak": compute.peaks, "grid": studies.grid, "workers": studies.workers,
            "dense": compute.dense, "convolutional": compute.convolutional, "latency": studies.latency,
            "million": million.million, "ask_and_tell": ask_and_tell.ask_and_tell, "race": racing.racing, "wire": wire.wire}

parser = argparse.ArgumentParser()
parser.add_argument("commands", nargs="*", choices=[*COMMANDS, "report", []])
parser.add_argument("--quick", action="store_true")
parser.add_argument("--write", action="store_true")
options = parser.parse_args()
for name in options.commands or COMMANDS:
    if name in COMMANDS:
        say(f"{name} …")
        COMMANDS[name](options.quick)
print(report.table([name for name in options.commands if name != "report"]))
if options.write:
    report.write()
