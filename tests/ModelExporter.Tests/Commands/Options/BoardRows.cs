using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>The option <c>--board</c> of the commands that estimate for nanoFramework.</summary>
internal static class BoardRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["inspect --board"] = Inspect,
        ["emit --board"] = Emit,
        ["report --board"] = Report,
    };

    private static void Inspect(OptionBench bench)
    {
        Assert.Equal(JsonValueKind.Null, OptionBench.Json("inspect", bench.Model).GetProperty("board").ValueKind);
        foreach (NanoBoard board in NanoBoard.All)
        {
            JsonElement json = OptionBench.Json("inspect", bench.Model, "--board", board.Target.ToLowerInvariant());
            JsonElement summary = json.GetProperty("board");
            Assert.Equal(board.Name, summary.GetProperty("name").GetString());
            JsonElement table = summary.GetProperty("forms")[0];
            JsonElement nano = json.GetProperty("nano").GetProperty("table");
            Assert.Equal(board.Milliseconds(nano.GetProperty("instructions").GetInt64()), table.GetProperty("milliseconds").GetDouble());
            Assert.Equal(nano.GetProperty("ram_bytes").GetInt32(), table.GetProperty("heap_bytes").GetInt32());

            // 106,000 bytes of engine fit all but the board of 68 KiB.
            Assert.Equal(board.Name == "NUCLEO-F091RC" ? "no: flash" : "yes", table.GetProperty("fits").GetString());
        }

        string text = OptionBench.Done("inspect", bench.Model, "--board", "esp32-c3");
        Assert.Contains("ESP32-C3, 160 MHz, 400 KB of RAM, firmware ESP32_C3", text, StringComparison.Ordinal);
        Assert.Contains("Assumed, not measured: 1.8 cycles an instruction.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ESP32-S3", text, StringComparison.Ordinal);
        Assert.Contains("With PSRAM the heap has 3,932,160 bytes.", OptionBench.Done("inspect", bench.Model, "--board", "ESP32"), StringComparison.Ordinal);
        Assert.Contains("'edge export' it first", OptionBench.Misused("inspect", bench.Net, "--board", "esp32"), StringComparison.Ordinal);
        Refused("inspect", bench.Model);
    }

    private static void Emit(OptionBench bench)
    {
        string path = bench.InFolder("M.g.cs");
        JsonElement json = OptionBench.Json("emit", bench.Model, "-o", path, "--board", "esp32-h2");
        long instructions = json.GetProperty("instructions").GetInt64();
        Assert.Equal(("ESP32-H2", "yes"), (json.GetProperty("board").GetString(), json.GetProperty("fits").GetString()));
        Assert.Equal(NanoBoard.Find("ESP32-H2")!.Milliseconds(instructions), json.GetProperty("milliseconds").GetDouble());
        Assert.Equal(NanoBoard.Esp32.Milliseconds(instructions), OptionBench.Json("emit", bench.Model, "-o", path).GetProperty("milliseconds").GetDouble());
        string text = OptionBench.Done("emit", bench.Model, "-o", path, "--form", "table", "--board", "nucleo-f091rc");
        Assert.Contains("ms on a NUCLEO-F091RC (estimated).", text, StringComparison.Ordinal);
        Assert.Contains("Fits NUCLEO-F091RC: no: flash; ", text, StringComparison.Ordinal);
        Assert.Contains("Assumed, not measured: 1.8 cycles an instruction, 12,000 bytes of heap.", text, StringComparison.Ordinal);
        Refused("emit", bench.Model, "-o", path);
        Assert.Contains("--board is for code", OptionBench.Misused("emit", bench.Model, "--engine", bench.New(""), "--board", "esp32"), StringComparison.Ordinal);
    }

    private static void Report(OptionBench bench)
    {
        string page = bench.New(".html");
        OptionBench.Done("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", page, "--no-timings");
        Assert.Contains("ESP32-S3, 16 MB flash", File.ReadAllText(page), StringComparison.Ordinal);
        JsonElement json = OptionBench.Json("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", page, "--no-timings", "--board", "STM32F769I-DISCOVERY");
        Assert.Equal("STM32F769I-DISCOVERY", json.GetProperty("model").GetProperty("board").GetProperty("name").GetString());
        string text = File.ReadAllText(page);
        Assert.Contains("STM32F769I-DISCOVERY, 2 MB flash", text, StringComparison.Ordinal);
        Assert.Contains(13_631_488.ToString("N0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.DoesNotContain("ESP32-S3", text, StringComparison.Ordinal);
        Refused("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", page);
    }

    private static void Refused(params string[] command)
    {
        string refusal = OptionBench.Misused([.. command, "--board", "esp8266"]);
        Assert.Contains($"--board 'esp8266' is not known; use one of {NanoBoard.Names}.", refusal, StringComparison.Ordinal);
    }
}
