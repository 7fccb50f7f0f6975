extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>What a session on a device does around the kernels.</summary>
public class SessionContractTests
{
    [Fact]
    public void Inputs_and_outputs_of_every_type_come_in_the_order_of_the_file()
    {
        Engine.NanoModel model = Engine.NanoModel.Load(SessionModels.Ports());
        var session = new Engine.NanoSession(model);
        Assert.Equal((10, 10), (session.InputLength, session.OutputLength));
        Assert.Same(model, session.Model);
        float[] output = new float[12];
        output[10] = output[11] = 42f;
        session.Run(SessionModels.PortInputs, output);
        Assert.Equal([.. SessionModels.PortOutputs, 42f, 42f], output);
        Assert.Throws<ArgumentException>(() => session.Run(new sbyte[10], new sbyte[10]));
        Assert.Throws<ArgumentException>(() => session.Run(new short[10], new short[10]));
    }

    [Fact]
    public void A_state_goes_on_until_it_is_reset()
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Sums()));
        float[] output = new float[2];
        session.Run([1, 2], output);
        session.Run([10, 20], output);
        Assert.Equal([11, 22], output);
        session.Reset();
        session.Run([5, 6], output);
        Assert.Equal([5, 6], output);
    }

    [Fact]
    public void Lengths_are_held_to_the_value()
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Plus(3)));
        float[] output = new float[3];
        session.Run([1, 2, 3], output);
        Assert.Equal([2, 3, 4], output);
        session.Run([1, 2, 3], new float[4]);
        Assert.Throws<ArgumentException>(() => session.Run([1, 2], new float[3]));
        Assert.Throws<ArgumentException>(() => session.Run([1, 2, 3, 4], new float[3]));
        Assert.Contains("the output is 2 values", Assert.Throws<ArgumentException>(() => session.Run([1, 2, 3], new float[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.Run((float[])null!, new float[3]));
        Assert.Throws<ArgumentException>(() => session.Run([1, 2, 3], null!));
    }

    [Fact]
    public void Codes_go_through_unchanged_in_their_own_type_alone()
    {
        var int8 = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Codes(TensorType.Int8)));
        var int16 = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Codes(TensorType.Int16)));
        sbyte[] bytes = new sbyte[3];
        int8.Run([-128, 127], bytes);
        Assert.Equal([-128, 127, 0], bytes);
        short[] words = new short[3];
        int16.Run([-32768, 32767], words);
        Assert.Equal([-32768, 32767, 0], words);
        Assert.Throws<ArgumentException>(() => int8.Run(new short[2], new short[2]));
        Assert.Throws<ArgumentException>(() => int16.Run(new sbyte[2], new sbyte[2]));
        Assert.Throws<ArgumentException>(() => int8.Run(new sbyte[1], new sbyte[2]));
        Assert.Throws<ArgumentException>(() => int8.Run(new sbyte[2], new sbyte[1]));
        Assert.Throws<ArgumentException>(() => int16.Run(new short[3], new short[2]));
        Assert.Throws<ArgumentException>(() => int16.Run(new short[2], new short[1]));
    }

    [Fact]
    public void Codes_of_several_tensors_lie_one_after_the_other_and_have_one_type()
    {
        var int8 = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Two(TensorType.Int8, TensorType.Int8, turned: true)));
        sbyte[] bytes = new sbyte[3];
        int8.Run([1, 2, 3], bytes);
        Assert.Equal([2, 3, 1], bytes);
        var int16 = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Two(TensorType.Int16, TensorType.Int16, turned: true)));
        short[] words = new short[3];
        int16.Run([1, 2, 3], words);
        Assert.Equal([2, 3, 1], words);
        var mixed = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Two(TensorType.Int8, TensorType.Int16, turned: true)));
        Assert.Throws<ArgumentException>(() => mixed.Run(new sbyte[3], new sbyte[3]));
        Assert.Throws<ArgumentException>(() => mixed.Run(new short[3], new short[3]));
        Assert.Throws<ArgumentException>(() => int8.Run(new sbyte[3], new sbyte[2]));
        var straight = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Two(TensorType.Int8, TensorType.Int16, turned: false)));
        Assert.Throws<ArgumentException>(() => straight.Run(new sbyte[3], new sbyte[3]));
        Assert.Throws<ArgumentException>(() => straight.Run(new short[3], new short[3]));
        float[] reals = new float[3];
        mixed.Run([1, 2, 3], reals);
        Assert.Equal([2, 3, 1], reals);
    }

    [Fact]
    public void A_tensor_may_take_the_place_of_a_shorter_one()
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(SessionModels.Growing()));
        float[] output = new float[8];
        session.Run([3], output);
        session.Run([5], output);
        Assert.Equal(Enumerable.Repeat(5f, 8), output);
    }
}
