using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>The cost model beside what models took on a 32-bit Arm nanoCLR, interpreter a3e8139a, on 2026-11-30; docs/esp32.md has the table.</summary>
public class MeasuredCostTests
{
    // Heap of load, session and three runs above a program that holds the file; instructions of a run. 0: not measured.
    [Theory]
    [InlineData("breast_cancer", 11_132, 418_988, 721_333, 106_900)]
    [InlineData("breast_cancer_float32", 8_202, 514_567, 0, 186_188)]
    [InlineData("breast_cancer_int16", 15_117, 524_368, 775_184, 162_122)]
    [InlineData("digits", 15_117, 1_017_008, 1_854_708, 305_350)]
    [InlineData("digits_cnn", 17_343, 12_035_937, 19_700_229, 0)]
    [InlineData("logistic_float32", 5_156, 110_667, 0, 0)]
    [InlineData("cnn_float32", 16_992, 11_836_509, 0, 0)]
    [InlineData("cnn_int8", 16_288, 13_157_258, 20_864_490, 0)]
    [InlineData("separable_cnn_int8", 22_265, 48_612_301, 66_726_573, 0)]
    [InlineData("forest_50_trees", 15_000, 886_516, 0, 0)]
    [InlineData("boosted_40_trees", 8_202, 890_805, 0, 0)]
    [InlineData("lstm_float32", 15_585, 15_925_910, 0, 0)]
    [InlineData("gru_float32", 13_125, 11_196_426, 0, 0)]
    [InlineData("attention_float32", 20_625, 12_174_348, 0, 0)]
    public void An_estimate_is_within_ten_per_cent_of_the_heap_and_a_quarter_of_the_instructions(string name, int heap, long instructions, long chunked, long emitted)
    {
        byte[] file = ReferenceModels.All.TryGetValue(name, out byte[]? made) ? made : File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "EdgeRuntime.Nano.DeviceTests", "Golden", name + ".edge"));
        NanoEstimate estimate = NanoCost.Of(file);
        Near(heap, estimate.Table.HeapBytes, 0.10, "bytes of heap");
        Near(instructions, estimate.Table.Instructions, 0.25, "instructions");
        Near(chunked, estimate.Resource?.Instructions ?? 0, 0.25, "instructions by chunks");
        Near(emitted, estimate.Emitted?.Instructions ?? 0, 0.25, "instructions of emitted code");

        void Near(long measured, long estimated, double share, string what) =>
            Assert.True(measured == 0 || Math.Abs(estimated - measured) <= share * measured, $"{name}: {estimated} {what} estimated, {measured} measured");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
