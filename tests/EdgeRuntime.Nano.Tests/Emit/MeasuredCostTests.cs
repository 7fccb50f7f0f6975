using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>The cost model beside what models took on a 32-bit Arm nanoCLR, interpreter a3e8139a, on 2026-11-29; docs/esp32.md has the table.</summary>
public class MeasuredCostTests
{
    // Heap of load, session and three runs above a program that holds the file; instructions of a run. 0: not measured.
    [Theory]
    [InlineData("breast_cancer", 12_125, 416_488, 716_084, 106_900)]
    [InlineData("breast_cancer_float32", 10_000, 514_581, 0, 186_188)]
    [InlineData("breast_cancer_int16", 15_250, 524_428, 774_494, 162_122)]
    [InlineData("digits", 17_000, 1_011_774, 1_847_612, 305_350)]
    [InlineData("digits_cnn", 19_375, 12_106_857, 19_711_949, 0)]
    [InlineData("logistic_float32", 7_000, 106_965, 0, 0)]
    [InlineData("cnn_float32", 17_375, 11_898_640, 0, 0)]
    [InlineData("cnn_int8", 19_000, 13_227_777, 20_859_693, 0)]
    [InlineData("separable_cnn_int8", 0, 48_337_200, 66_232_728, 0)]
    [InlineData("forest_50_trees", 0, 891_447, 0, 0)]
    [InlineData("boosted_40_trees", 19_000, 637_143, 0, 0)]
    [InlineData("lstm_float32", 17_625, 15_931_411, 0, 0)]
    [InlineData("gru_float32", 14_250, 11_208_454, 0, 0)]
    [InlineData("attention_float32", 23_125, 12_072_225, 0, 0)]
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
