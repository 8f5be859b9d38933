using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>The board: DMI where there is one, the device tree on a Raspberry Pi and its like.</summary>
internal static class BoardFacts
{
    private static readonly (string Fact, string File)[] Dmi =
    [
        ("ansible_bios_date", "bios_date"), ("ansible_bios_vendor", "bios_vendor"), ("ansible_bios_version", "bios_version"), ("ansible_board_name", "board_name"),
        ("ansible_product_name", "product_name"), ("ansible_product_serial", "product_serial"), ("ansible_product_uuid", "product_uuid"), ("ansible_product_version", "product_version"),
        ("ansible_system_vendor", "sys_vendor"),
    ];

    public static DictValue Read(FactSource source)
    {
        var facts = Results.Of();
        foreach (var (fact, file) in Dmi)
        {
            facts = facts.With(fact, source.Kernel("/sys/devices/virtual/dmi/id/" + file) is { Length: > 0 } text ? text.Trim() : "NA");
        }

        var model = source.Kernel("/proc/device-tree/model").Trim();
        if (model.Length == 0)
        {
            return facts;
        }

        var serial = source.Kernel("/proc/device-tree/serial-number").Trim();
        facts = facts.With("ansible_product_name", model).With("ansible_product_serial", serial.Length > 0 ? serial : "NA");
        return model.StartsWith("Raspberry Pi", StringComparison.Ordinal) ? facts.With("ansible_raspberry_pi", Results.Of(("model", model), ("serial", serial))) : facts;
    }
}
