#!/usr/bin/python3
"""Writes the expected values beside the cases, as Debian's ansible-core and PyYAML give them. Run by hand: ./generate.py"""
import datetime, json, os, warnings
warnings.simplefilter("ignore")
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, _escape_backslashes
from jinja2.runtime import Undefined

here = os.path.dirname(os.path.abspath(__file__))
def path(name): return os.path.join(here, name)
def load(name): return json.load(open(path(name), encoding="utf-8"))

variables = load("vars.json")
lazy = {"lazy": "{{ s }}-{{ x }}", "lazy2": "<{{ lazy }}>", "lazylist": ["{{ x }}", "b"], "lazydict": {"p": "{{ s }}"}, "lazyint": "{{ x }}",
        "cyc1": "{{ cyc2 }}", "cyc2": "{{ cyc1 }}", "lazybad": "{{ missing }}"}

def plain(value):
    if value is None or isinstance(value, (bool, int, float, datetime.date)): return value
    if isinstance(value, str): return str.__str__(value) + ""
    if isinstance(value, dict): return {plain(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple): return tuple(plain(v) for v in value)
    if isinstance(value, (list, range)): return [plain(v) for v in value]
    if isinstance(value, Undefined): str(value)
    return list(plain(v) for v in value)

def outcome(run):
    try:
        return {"value": repr(plain(run()))}
    except RecursionError:
        return {"error": "recursion"}
    except Exception as wrong:
        return {"error": str(wrong).split("\n")[0][:200]}

def write(name, cases):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")

templar = Templar(loader=DataLoader(), variables={**variables, **lazy})
env = templar.environment

def expression(text):
    escaped = _escape_backslashes("{{ " + text + " }}", env)[3:-3]
    return env.compile_expression(escaped, undefined_to_none=False)({**env.globals, **variables})

lines = [line.rstrip("\n") for line in open(path("expressions.txt"), encoding="utf-8")]
write("expressions.expected.json", [{"source": l, **outcome(lambda: expression(l))} for l in lines if l and not l.startswith("#")])
write("templates.expected.json", [{"source": t, **outcome(lambda: templar.template(t))} for t in load("templates.json")])
write("scalars.expected.json", [{"source": s, **outcome(lambda: yaml.load("k: " + s, Loader=yaml.SafeLoader)["k"])} for s in load("scalars.json")])
