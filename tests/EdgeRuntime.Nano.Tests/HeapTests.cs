extern alias nano;

using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Stress;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>What a session holds on a device: 8 KiB, 300 bytes an operator, the arena and what is packed for speed.</summary>
public class HeapTests
{
    [Theory]
    [InlineData("breast_cancer.edge")]
    [InlineData("breast_cancer_int16.edge")]
    [InlineData("digits.edge")]
    [InlineData("digits_cnn.edge")]
    [InlineData("int8_operators.edge")]
    public void A_session_takes_little_besides_its_arena_and_its_weights(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Here())!, "..", "EdgeRuntime.Nano.DeviceTests", "Golden", name));
        ModelFile model = ModelFile.Read(new ModelBytes(file));
        int most = 8192 + (300 * model.OperatorCount) + model.ArenaBytes;
        var heap = new NanoHeap(new Engine.NanoSession(Engine.NanoModel.Load(file)), file);
        Assert.InRange(heap.Bytes, model.ArenaBytes / 2, most + Packed(model));

        // The interpreter's heap and this sum differ in what is in use for a moment only.
        Assert.Equal(model.InputCount + model.OutputCount, heap.Counts["TensorInfo"]);
        Assert.DoesNotContain("OperatorRecord", heap.Counts);
        Assert.DoesNotContain("String", heap.Counts);

        var inPlace = new NanoHeap(new Engine.NanoSession(Engine.NanoModel.Load(file), packWeights: false), file);
        Assert.InRange(inPlace.Bytes, model.ArenaBytes / 2, Math.Min(most, heap.Bytes));
        if (ResourceForm.Obstacle(model) is not null)
        {
            Assert.Equal("int8_operators.edge", name);
            return;
        }

        var chunks = new NanoHeap(new Engine.NanoSession(Engine.NanoModel.Load((offset, count) => file[offset..(offset + count)], file.Length, 64)), file);
        Assert.InRange(chunks.Bytes, model.ArenaBytes / 2, most);
    }

    // Three depthwise layers with the same windows, after a convolution with others.
    [Fact]
    public void Layers_with_the_same_windows_share_the_object_that_describes_them()
    {
        byte[] file = ReferenceModels.All["separable_cnn_int8"];
        var heap = new NanoHeap(new Engine.NanoSession(Engine.NanoModel.Load(file)), file);
        Assert.Equal(3, heap.Counts["DepthwiseInt8"]);
        Assert.Equal(2, heap.Counts["WindowGeometry"]);
        Assert.Equal(1, heap.Counts["DepthwiseTaps"]);
    }

    // Weights for one multiplication of three or two, eight inputs at a time, and 21 or 25 bytes for the rounding of each unit.
    private static int Packed(ModelFile model) => model.Operators.Where(record => record.Opcode is Opcode.Dense or Opcode.Conv).Sum(record =>
    {
        int units = record.Inputs[1].Dimension(0);
        int lanes = record.Inputs[0].Type == TensorType.Int16 ? 2 : 3;
        int depth = (record.Inputs[1].Elements / units) + 7;
        return ((units + lanes - 1) / lanes * depth * 8) + (units * 25);
    });

    private static string Here([CallerFilePath] string path = "") => path;
}
