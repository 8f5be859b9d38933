using Gateway.Core.Reports;

namespace Gateway.Ctl.Broker;

/// <summary>What happened between two statuses of a gateway, in lines for people.</summary>
internal static class StatusChanges
{
    /// <summary>The lines, without the gateway's name; none when nothing of interest changed.</summary>
    public static IEnumerable<string> Between(StatusView? before, StatusView now)
    {
        foreach (var (key, source) in now.Desired)
        {
            foreach (var line in Source(key, before?.Desired.GetValueOrDefault(key), source))
            {
                yield return line;
            }
        }

        foreach (var (name, application) in now.Applications)
        {
            foreach (var line in Application(name, before?.Applications.GetValueOrDefault(name), application))
            {
                yield return line;
            }
        }

        foreach (var name in (before?.Applications.Keys ?? []).Where(name => !now.Applications.ContainsKey(name)))
        {
            yield return $"{name} is gone";
        }

        foreach (var error in now.Errors.Where(error => before is null || !before.Errors.Contains(error)))
        {
            yield return $"error: {error}";
        }
    }

    private static IEnumerable<string> Source(string key, SourceView? before, SourceView now)
    {
        if (now.Serial is not null && (before?.Serial, before?.Sha256, before?.State) != (now.Serial, now.Sha256, now.State))
        {
            yield return $"desired state of {key}: serial {now.Serial} {now.State}";
        }

        if (now.Refused is { } refused && before?.Refused != refused)
        {
            yield return OneLine.Of($"desired state of {key}: {Refusal(refused)}");
        }
    }

    private static IEnumerable<string> Application(string name, ApplicationView? before, ApplicationView now)
    {
        if ((before?.State, before?.Version, before?.Reason) != (now.State, now.Version, now.Reason))
        {
            var version = now.Version is null ? "" : $" {now.Version}";
            var reason = now.Reason is null ? "" : $": {now.Reason}";
            yield return OneLine.Of($"{name}{version} {now.State}{reason}");
        }

        foreach (var (service, view) in now.Services)
        {
            var old = before?.Services.GetValueOrDefault(service);
            if ((old?.State, old?.Health, old?.Image, old?.Error) != (view.State, view.Health, view.Image, view.Error))
            {
                yield return OneLine.Of($"{name}/{service} {view.State}{(view.Health is null ? "" : $", {view.Health}")}{(view.Error is null ? "" : $": {view.Error}")}");
            }
        }
    }

    /// <summary>"serial 6 refused: …".</summary>
    public static string Refusal(RefusedView refused) => refused.Serial is { } serial ? $"serial {serial} refused: {refused.Reason}" : $"refused: {refused.Reason}";
}
