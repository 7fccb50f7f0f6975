using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>How long a model lives: as long as a slot decides with it or it is the newest, and no longer.</summary>
public sealed class DeviceModelHostTests
{
    [Fact]
    public void A_model_is_freed_when_no_slot_decides_with_it_any_more()
    {
        EdgeModel first = Model(1f);
        EdgeModel second = Model(2f);
        using var host = new ModelHost(first, 1);
        using ModelSlot fast = host.CreateSlot();
        using ModelSlot slow = host.CreateSlot();
        host.Swap(second, 2);
        fast.TakePending();
        host.FreeUnused();
        Assert.Equal((2ul, 1ul, 2ul), (fast.Version, slow.Version, host.Version));
        Assert.True(IsAlive(first));
        slow.Decide([1f]);
        Assert.True(IsAlive(first));
        host.FreeUnused();
        Assert.False(IsAlive(first));
        Assert.True(IsAlive(second));
    }

    [Fact]
    public void A_model_that_no_slot_took_is_dropped_by_the_next()
    {
        EdgeModel[] models = [Model(1f), Model(2f), Model(3f)];
        using var host = new ModelHost(models[0], 1);
        using ModelSlot slot = host.CreateSlot();
        host.Swap(models[1], 2);
        host.Swap(models[2], 3);
        Assert.Equal([true, false, true], models.Select(IsAlive));
        Assert.Equal(1ul, slot.Version);
        slot.TakePending();
        Assert.Equal(3ul, slot.Version);
        host.FreeUnused();
        Assert.Equal([false, false, true], models.Select(IsAlive));
    }

    [Fact]
    public void A_swap_frees_what_slots_left_before()
    {
        EdgeModel[] models = [Model(1f), Model(2f), Model(3f)];
        using var host = new ModelHost(models[0], 1);
        using ModelSlot slot = host.CreateSlot();
        host.Swap(models[1], 2);
        slot.TakePending();
        Assert.True(IsAlive(models[0]));
        host.Swap(models[2], 3);
        Assert.Equal([false, true, true], models.Select(IsAlive));
    }

    [Fact]
    public void A_slot_that_is_given_back_keeps_no_model_and_gets_none()
    {
        EdgeModel first = Model(1f);
        EdgeModel second = Model(2f);
        using var host = new ModelHost(first, 1);
        ModelSlot gone = host.CreateSlot();
        ModelSlot waiting = host.CreateSlot();
        gone.Dispose();
        gone.Dispose();
        host.Swap(second, 2);
        Assert.True(IsAlive(first));
        waiting.Dispose();
        Assert.Equal((false, true), (IsAlive(first), IsAlive(second)));
        using ModelSlot late = host.CreateSlot();
        Assert.Equal(2ul, late.Version);
    }

    [Fact]
    public void A_host_frees_everything_once()
    {
        EdgeModel first = Model(1f);
        EdgeModel second = Model(2f);
        var host = new ModelHost(first, 1);
        ModelSlot slot = host.CreateSlot();
        host.CreateSlot();
        host.Swap(second, 2);
        slot.TakePending();
        host.Dispose();
        host.Dispose();
        Assert.Equal((false, false), (IsAlive(first), IsAlive(second)));
        Assert.Throws<ObjectDisposedException>(host.CreateSlot);
        using EdgeModel third = Model(3f);
        Assert.Throws<ObjectDisposedException>(() => host.Swap(third, 3));
        Assert.True(IsAlive(third));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void A_model_of_another_interface_stays_the_callers(int inputs, int outputs)
    {
        using var host = new ModelHost(Model(1f), 1);
        using ModelSlot slot = host.CreateSlot();
        using EdgeModel other = EdgeModel.Load(TestModels.Create(inputs: inputs, outputs: outputs));
        Assert.Throws<ArgumentException>(() => host.Swap(other, 2));
        Assert.True(IsAlive(other));
        slot.TakePending();
        Assert.Equal((1ul, 1ul), (slot.Version, host.Version));
    }

    [Fact]
    public void A_loop_whose_sensor_is_at_fault_keeps_no_old_model()
    {
        EdgeModel first = Model(1f);
        using var host = new ModelHost(first, 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, _ => throw new IOException()));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, []);
        host.Swap(Model(2f), 2);
        loop.Step();
        host.FreeUnused();
        Assert.Equal((false, 2ul), (IsAlive(first), loop.ModelVersion));
    }

    [Fact]
    public void A_model_that_was_offered_before_the_loop_is_the_one_that_it_is_held_to()
    {
        static EdgeModel Named(string second) => EdgeModel.Load(TestModels.Described(["still", second], ["x"]));
        using var host = new ModelHost(Named("shaking"), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, _ => { }, channelNames: ["x"]));
        host.Swap(Named("moving"), 2);
        PwmOutput Bound(string text) => new(new RecordingPwmChannel(), new Dictionary<string, double> { [text] = 1 });
        var options = new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) };
        Assert.Throws<ArgumentException>(() => new DecisionLoop(sensor, slot, options, [Bound("shaking")]));
        using var loop = new DecisionLoop(sensor, slot, options, [Bound("moving")]);
        Assert.Equal(2ul, loop.ModelVersion);
    }

    [Fact]
    public void A_slot_has_what_its_model_has()
    {
        using var binary = new ModelHost(EdgeModel.Load(TestModels.Described(["a", "b"], ["x"], weight: 0f, bias: 1f)), 7);
        using ModelSlot two = binary.CreateSlot();
        Assert.Equal((1, 1, 7ul), (binary.InputLength, binary.OutputLength, binary.Version));
        Assert.Equal((1, 2, 7ul, 0.5f), (two.InputLength, two.Classes, two.Version, two.Threshold));
        Assert.Equal(["a", "b"], two.ClassTexts);
        two.Decide([1f]);
        Assert.True(two.Probabilities.IsEmpty);
        using var several = new ModelHost(EdgeModel.Load(TestModels.Create(inputs: 2, outputs: 3)), 0);
        using ModelSlot three = several.CreateSlot();
        Assert.Equal((2, 3), (three.InputLength, three.Classes));
        Assert.Equal(2, three.Decide([1f, 1f]).ClassIndex);
        Assert.Equal(3, three.Probabilities.Length);

        // Softmax of 0, 2 and 4.
        double sum = 1 + Math.Exp(2) + Math.Exp(4);
        Assert.Equal([1 / sum, Math.Exp(2) / sum, Math.Exp(4) / sum], three.Probabilities.ToArray().Select(p => (double)p), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void A_reset_is_that_of_the_model()
    {
        using var host = new ModelHost(EdgeModel.Load(TestModels.Summing()), 1);
        using ModelSlot slot = host.CreateSlot();
        Assert.Equal(1, slot.Decide([5f]).ClassIndex);
        Assert.Equal(1, slot.Decide([-1f]).ClassIndex);
        slot.Reset();
        Assert.Equal(0, slot.Decide([-1f]).ClassIndex);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_model_that_any_slot_cannot_take_replaces_none(int unwilling)
    {
        using EdgeModel next = Model(2f);
        using var host = new ModelHost(Model(1f), 1);
        ModelSlot[] slots = [host.CreateSlot(), host.CreateSlot(), host.CreateSlot()];
        slots[(unwilling + 1) % 3].Requirement = _ => null;
        slots[unwilling].Requirement = _ => "It is not for me.";
        Assert.Equal("It is not for me.", host.Refusal(next, allowOtherContract: true));
        Assert.Equal("It is not for me.", Assert.Throws<ArgumentException>(() => host.Swap(next, 2)).Message);
        Assert.All(slots, slot =>
        {
            slot.TakePending();
            Assert.Equal(1ul, slot.Version);
        });
        Array.ForEach(slots, slot => slot.Dispose());
    }

    private static EdgeModel Model(float weight) => EdgeModel.Load(TestModels.Create(weight: weight));

    private static bool IsAlive(EdgeModel model)
    {
        try
        {
            model.CreateSession().Dispose();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
