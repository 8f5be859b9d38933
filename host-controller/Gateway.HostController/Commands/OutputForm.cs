using System.CommandLine;

namespace Gateway.HostController.Commands;

/// <summary>What <c>--output</c> asks for.</summary>
internal enum OutputForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,
}

/// <summary>The <c>--output</c> option.</summary>
internal static class OutputOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How to print: text or json.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    public static OutputForm Get(this Option<string> option, ParseResult line) => line.GetValue(option) == "json" ? OutputForm.Json : OutputForm.Text;
}
