using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.tempfile: an empty file or folder with a name nobody has.</summary>
public sealed class TempfileModule() : TaskModule<CreateTemporary, Nothing>("tempfile", Options, "ansible.builtin.tempfile", "ansible.legacy.tempfile")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("state") { Default = "file", Choices = ["file", "directory"] },
        new Option("path", OptionType.Path) { IsWritten = true },
        new Option("prefix") { Default = "ansible." },
        new Option("suffix") { Default = "" },
    ]);

    public override bool SupportsCheck => false;

    public override Result<CreateTemporary> Parse(OptionValues options, ModuleContext context)
    {
        var (prefix, suffix) = (options.TextOf("prefix"), options.TextOf("suffix"));
        return prefix.Contains('/', StringComparison.Ordinal) || suffix.Contains('/', StringComparison.Ordinal)
            ? Refuse(context, "'prefix' and 'suffix' are parts of a name: no '/' in them")
            : new CreateTemporary(options.Text("path"), prefix, suffix, options.TextOf("state") == "directory");
    }

    public override Task<Result<Nothing>> ReadAsync(CreateTemporary arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(CreateTemporary arguments, Nothing facts, ModuleContext context) => new([arguments], Results.Of())
    {
        Report = outcomes => outcomes[0].Error is null ? Results.Of(("changed", true), ("path", outcomes[0].Note!)) : Results.Failed(outcomes[0]),
        DescribesResult = true,
    };
}
