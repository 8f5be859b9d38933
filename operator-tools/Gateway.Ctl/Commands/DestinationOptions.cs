using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Ctl.Broker;

namespace Gateway.Ctl.Commands;

/// <summary><c>--gateway ID</c> or <c>--group NAME</c>, exactly one.</summary>
internal sealed class DestinationOptions
{
    private readonly Option<string?> gateway = new("--gateway") { Description = "the one gateway it is for", HelpName = "ID" };
    private readonly Option<string?> group = new("--group") { Description = "the group it is for", HelpName = "NAME" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(gateway);
        command.Add(group);
    }

    /// <summary>The destination, or what is wrong with it.</summary>
    public Result<Destination> Of(ParseResult line) => (line.GetValue(gateway), line.GetValue(group)) switch
    {
        ({ } id, null) => Named(false, id),
        (null, { } name) => Named(true, name),
        _ => new Failure(Phase.Configuration, "destination", "give --gateway ID or --group NAME, one of the two"),
    };

    private static Result<Destination> Named(bool isGroup, string name) =>
        Topics.Wrong(name) is { } wrong ? new Failure(Phase.Configuration, isGroup ? "--group" : "--gateway", wrong) : new Destination(isGroup, name);
}
