using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>The table of boards in docs/esp32.md is that of the code.</summary>
public class BoardDocumentTests
{
    [Fact]
    public void The_document_has_every_board()
    {
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "esp32.md"));
        string[] rows = [.. text[text.IndexOf("| board | firmware", StringComparison.Ordinal)..].Split('\n').TakeWhile(line => line.StartsWith('|')).Skip(2)];
        Assert.Equal(NanoBoard.All.Select(Row), rows);
    }

    private static string Row(NanoBoard board) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {board.Name} | `{board.Target}` | {board.Megahertz} | {board.RamKilobytes} | {board.HeapBytes:N0}{(board.IsHeapAssumed ? " (assumed)" : "")} | {(board.PsramBytes > 0 ? $"{board.PsramBytes:N0} " : "")}| {board.FlashText} | {board.DeploymentBytes:N0} |");

    private static string Here([CallerFilePath] string path = "") => path;
}
