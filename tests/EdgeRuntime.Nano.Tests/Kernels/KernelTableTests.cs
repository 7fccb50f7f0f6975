extern alias nano;

using System.Runtime.CompilerServices;
using NanoKernels = nano::EdgeInference.Nano.Kernels.KernelTable;
using NanoOpcode = nano::EdgeInference.ModelFormat.Opcode;
using NanoType = nano::EdgeInference.ModelFormat.TensorType;

namespace EdgeInference.Nano.Tests.Kernels;

public class KernelTableTests
{
    /// <summary>docs/esp32.md lists every operator, with the types that have a kernel or "none".</summary>
    [Fact]
    public void The_document_lists_every_operator_and_its_kernels()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "esp32.md"));
        foreach (NanoOpcode opcode in Enum.GetValues<NanoOpcode>())
        {
            string types = string.Join(", ", Enum.GetValues<NanoType>().Where(type => NanoKernels.Has(opcode, type)).Select(type => type.ToString().ToLowerInvariant()));
            Assert.Contains($"| {opcode} | {(types.Length == 0 ? "none" : types)} |", lines);
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
