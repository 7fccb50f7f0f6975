using System.Device.Gpio;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>Outputs are bound to what a class is called, whatever its number.</summary>
public sealed class ClassBindingTests : IDisposable
{
    private const int Pin = 18;
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(10) };

    private readonly RecordingGpioDriver driver = new();
    private readonly GpioController controller;
    private float value;

    public ClassBindingTests() => controller = new GpioController(driver);

    public void Dispose() => controller.Dispose();

    [Theory]
    [InlineData("still", "shaking", 1f)]
    [InlineData("shaking", "still", 0f)]
    public void A_pin_follows_its_class_wherever_the_model_has_it(string first, string second, float shakes)
    {
        using var pin = new PinOutput(controller, Pin, "shaking");
        using ModelHost host = Host([first, second]);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor monitor = Monitor();
        var texts = new List<string?>();
        using var loop = new DecisionLoop(monitor, slot, Options, [pin, new ClassTextOutput(texts.Add)]);
        Assert.False(driver.Levels[Pin]);
        value = shakes;
        loop.Step();
        Assert.True(driver.Levels[Pin]);
        value = 1f - shakes;
        loop.Step();
        Assert.False(driver.Levels[Pin]);
        Assert.Equal(["shaking", "still"], texts);
        Assert.Equal("GPIO 18 is on for 'shaking'.", pin.Description);
    }

    [Theory]
    [InlineData("still,shaking", "shakin", "GPIO 18 is bound to the class 'shakin', which the model does not have; the nearest is 'shaking' of 'still', 'shaking'.")]
    [InlineData("still,shaking", "Shaking", "nearest is 'shaking' of 'still', 'shaking'.")]
    [InlineData("still,steel,idle", "stil", "nearest is 'still' of")]
    [InlineData("", "shaking", "GPIO 18 is bound to the class 'shaking', but the model's classes have no texts; export the model with them, or bind it by number.")]
    [InlineData("on,on", "on", "which the model has more than once")]
    public void A_text_that_the_model_does_not_have_is_refused(string classes, string text, string refusal)
    {
        using var pin = new PinOutput(controller, Pin, text);
        AssertRefused(classes, pin, refusal);
        Assert.Throws<InvalidOperationException>(() => pin.Apply(1));
        Assert.Equal([(Pin, false)], driver.Edges);
    }

    [Theory]
    [InlineData("still,shaking", 1, "GPIO 18 is bound to class number 1, but the model's classes have texts; bind it to one of 'still', 'shaking'.")]
    [InlineData("", 2, "GPIO 18 is bound to class number 2, but the model has 2 classes, 0 to 1.")]
    public void A_number_is_for_models_without_texts(string classes, int label, string refusal)
    {
        using var pin = new PinOutput(controller, Pin, label);
        AssertRefused(classes, pin, refusal);
        using var byNumber = new PinOutput(controller, 4, 1);
        Assert.Null(byNumber.Refusal([], 2));
        Assert.Equal("GPIO 4 is on for class 1, by number: the model has no class texts.", byNumber.Description);
    }

    [Fact]
    public void A_duty_cycle_belongs_to_a_class()
    {
        var channel = new RecordingPwmChannel();
        var pwm = new PwmOutput(channel, new Dictionary<string, double> { ["shaking"] = 0.9, ["still"] = 0.1 }, 0.05);
        AssertRefused("still,shakin", pwm, "A duty cycle is bound to the class 'shaking', which the model does not have; the nearest is 'shakin'");
        AssertRefused("still,shaking", new PwmOutput(channel, [0.1, 0.9]), "A duty cycle is bound to class number 0, but the model's classes have texts");
        Assert.Throws<InvalidOperationException>(() => pwm.Apply(0));
        channel.DutyCycles.Clear();
        pwm.Bind(["shaking", "still", "idle"]);
        pwm.Apply(0);
        pwm.Apply(1);
        pwm.Apply(2);
        Assert.Equal([0.9, 0.1, 0.05], channel.DutyCycles);
    }

    [Fact]
    public void An_allowed_model_with_its_classes_in_another_order_drives_no_pin_inverted()
    {
        using var pin = new PinOutput(controller, Pin, "shaking");
        using ModelHost host = Host(["still", "shaking"]);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor monitor = Monitor();
        using var loop = new DecisionLoop(monitor, slot, Options with { Filter = new DecisionFilterOptions { Votes = 3 } }, [pin]);
        Steps(loop, 1f, 3);
        Assert.True(driver.Levels[Pin]);
        Assert.Equal((1, "shaking"), (loop.Label, loop.ClassText));

        // High values are 'still' now: until its own votes are in, nothing is known.
        host.Swap(Model(["shaking", "still"]), 2);
        Steps(loop, 1f, 1);
        Assert.Equal((DecisionFilter.Undecided, null), (loop.Label, loop.ClassText));
        Assert.False(driver.Levels[Pin]);
        Steps(loop, 1f, 5);
        Assert.False(driver.Levels[Pin]);
        Assert.Equal((1, "still"), (loop.Label, loop.ClassText));
        Steps(loop, 0f, 5);
        Assert.True(driver.Levels[Pin]);
        Assert.Equal(0, loop.Label);
    }

    [Fact]
    public void A_model_without_a_bound_class_replaces_none_even_where_other_contracts_are_allowed()
    {
        using var pin = new PinOutput(controller, Pin, "shaking");
        using ModelHost host = Host(["still", "shaking"]);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor monitor = Monitor();
        using var loop = new DecisionLoop(monitor, slot, Options, [pin]);
        using EdgeModel other = Model(["still", "vibrating"]);
        Assert.Contains("GPIO 18 is bound to the class 'shaking', which the model does not have", host.Refusal(other, allowOtherContract: true), StringComparison.Ordinal);
        using EdgeModel swapped = Model(["shaking", "still"]);
        Assert.Null(host.Refusal(swapped, allowOtherContract: true));
        Assert.NotNull(host.Refusal(swapped, allowOtherContract: false));
    }

    private static EdgeModel Model(string[] classes) => EdgeModel.Load(TestModels.Described(classes, ["x"], outputs: classes.Length > 2 ? classes.Length : 1, weight: 100f, bias: -50f));

    private static ModelHost Host(string[] classes) => new(Model(classes), 1);

    private SensorMonitor Monitor() => new(new DelegateSampleSource(1, sample => sample[0] = value, channelNames: ["x"]));

    private void Steps(DecisionLoop loop, float with, int count)
    {
        value = with;
        for (int i = 0; i < count; i++)
        {
            loop.Step();
        }
    }

    private void AssertRefused(string classes, IDecisionOutput output, string refusal)
    {
        using ModelHost host = Host(classes.Split(',', StringSplitOptions.RemoveEmptyEntries));
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor monitor = Monitor();
        var exception = Assert.Throws<ArgumentException>(() => new DecisionLoop(monitor, slot, Options, [output]));
        Assert.Contains(refusal, exception.Message, StringComparison.Ordinal);
    }
}
