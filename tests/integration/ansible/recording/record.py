"""Writes what ansible-playbook did in the shape of its json callback, which ansible-core itself does not ship."""
import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'record'

    def __init__(self):
        super().__init__()
        self.tasks = []

    def _task(self, task, is_conditional=False):
        if task.action not in ('meta', 'ansible.builtin.meta'):
            self.tasks.append({'name': task.get_name(), 'result': {}})

    v2_playbook_on_task_start = _task

    def v2_playbook_on_handler_task_start(self, task):
        self._task(task)

    def _done(self, result, **status):
        # Ansible takes failed and skipped out of what callbacks are given: the call itself says so.
        if self.tasks and result._task.action not in ('meta', 'ansible.builtin.meta'):
            kept = {key: value for key, value in result._result.items() if not key.startswith('_ansible')}
            self.tasks[-1]['result'] = dict(kept, **status)

    def v2_runner_on_ok(self, result):
        self._done(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._done(result, failed=True)

    def v2_runner_on_skipped(self, result):
        self._done(result, skipped=True)

    def v2_playbook_on_stats(self, stats):
        with open(os.environ['RECORD_TO'], 'w') as file:
            json.dump({'tasks': self.tasks, 'stats': stats.summarize('localhost')}, file, default=str)
