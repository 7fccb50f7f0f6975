using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>The cost model beside what models took on a 32-bit Arm nanoCLR, interpreter a3e8139a, on 2026-11-29; docs/esp32.md has the table.</summary>
public class MeasuredCostTests
{
    // Heap of load, session and three runs above a program that holds the file; instructions of a run. 0: not measured.
    [Theory]
    [InlineData("breast_cancer", 12_625, 416_607, 716_848, 106_900)]
    [InlineData("breast_cancer_float32", 9_000, 514_698, 0, 186_188)]
    [InlineData("breast_cancer_int16", 14_750, 524_943, 774_793, 162_122)]
    [InlineData("digits", 16_875, 1_011_971, 1_848_569, 305_350)]
    [InlineData("digits_cnn", 17_750, 12_108_438, 19_696_105, 0)]
    [InlineData("logistic_float32", 5_976, 110_827, 0, 0)]
    [InlineData("cnn_float32", 17_000, 11_950_971, 0, 0)]
    [InlineData("cnn_int8", 17_729, 13_196_615, 20_825_562, 0)]
    [InlineData("separable_cnn_int8", 25_625, 48_289_178, 66_156_454, 0)]
    [InlineData("forest_50_trees", 14_625, 892_590, 0, 0)]
    [InlineData("boosted_40_trees", 8_875, 890_733, 0, 0)]
    [InlineData("lstm_float32", 18_125, 15_917_216, 0, 0)]
    [InlineData("gru_float32", 13_750, 11_195_766, 0, 0)]
    [InlineData("attention_float32", 22_125, 12_183_305, 0, 0)]
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
