"""Runs many playbooks with ansible-playbook, twice each, without paying for Python's and Ansible's start each time.

Reads a list of runs as JSON from standard input: {"playbook": path, "folder": path, "options": [...], "records": [path, path]}.
The folder is emptied before the first of the two. Each run is a process forked from this one, which has Ansible loaded.
"""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.update(
    ANSIBLE_CALLBACK_PLUGINS=HERE, ANSIBLE_CALLBACKS_ENABLED='record', ANSIBLE_LOCALHOST_WARNING='false', ANSIBLE_NOCOLOR='true',
    ANSIBLE_PIPELINING='true', ANSIBLE_PYTHON_INTERPRETER='/usr/bin/python3', ANSIBLE_RETRY_FILES_ENABLED='false', ANSIBLE_NOCOWS='true')

from ansible.cli.playbook import PlaybookCLI  # noqa: E402  (Ansible reads its settings while it is imported)
import ansible.executor.playbook_executor  # noqa: E402,F401
import ansible.executor.task_queue_manager  # noqa: E402,F401
import ansible.plugins.strategy.linear  # noqa: E402,F401


def play(run):
    """Both rounds, in a process of its own."""
    for record in run['records']:
        if os.fork() == 0:
            os.environ['RECORD_TO'] = record
            for number, name in ((0, os.devnull), (1, record + '.out'), (2, record + '.err')):
                os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
            sys.stdout, sys.stderr = open(1, 'w', closefd=False), open(2, 'w', closefd=False)
            status = 1
            try:
                arguments = ['ansible-playbook', '-i', 'localhost,', '-c', 'local', '-e', 'dir=' + run['folder']]
                status = PlaybookCLI(arguments + run['options'] + [run['playbook']]).run()
            except BaseException as error:
                print('ERROR!', error, file=sys.stderr)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status if isinstance(status, int) else 1)
        os.wait()


def main():
    os.umask(0o022)
    waiting = json.load(sys.stdin)
    running = 0
    while waiting or running:
        if waiting and running < (os.cpu_count() or 1):
            run = waiting.pop(0)
            shutil.rmtree(run['folder'], ignore_errors=True)
            os.makedirs(run['folder'])
            if os.fork() == 0:
                play(run)
                os._exit(0)
            running += 1
        else:
            os.wait()
            running -= 1


main()
