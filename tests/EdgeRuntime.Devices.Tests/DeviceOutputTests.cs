using System.Device.Gpio;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>Levels and duty cycles for each label, polarity and safe state.</summary>
public sealed class DeviceOutputTests : IDisposable
{
    private const int Pin = 7;

    private readonly RecordingGpioDriver driver = new();
    private readonly GpioController controller;

    public DeviceOutputTests() => controller = new GpioController(driver);

    public void Dispose() => controller.Dispose();

    [Theory]

    // Active low, safe on; the level in the safe state, for the pin's class, for another.
    [InlineData(false, false, false, true, false)]
    [InlineData(false, true, true, true, false)]
    [InlineData(true, false, true, false, true)]
    [InlineData(true, true, false, false, true)]
    public void A_pin_has_its_level(bool activeLow, bool safeOn, bool safe, bool own, bool other)
    {
        var pin = new PinOutput(controller, Pin, 1, activeLow, safeOn);
        Assert.Equal([(Pin, safe)], driver.Edges);
        pin.Apply(1);
        Assert.Equal(own, driver.Levels[Pin]);
        pin.Apply(0);
        Assert.Equal(other, driver.Levels[Pin]);
        pin.Apply(2);
        Assert.Equal(other, driver.Levels[Pin]);
        pin.ApplySafe();
        Assert.Equal(safe, driver.Levels[Pin]);
        pin.Apply(safe == own ? 0 : 1);
        pin.Dispose();
        Assert.Equal((safe, false), (driver.Levels[Pin], driver.IsOpen(Pin)));
        pin.Dispose();

        using var named = new PinOutput(controller, Pin, "b", activeLow, safeOn);
        named.Bind(["a", "b"]);
        named.Apply(1);
        Assert.Equal(own, driver.Levels[Pin]);
        named.Apply(0);
        Assert.Equal(other, driver.Levels[Pin]);
    }

    [Fact]
    public void A_pins_defaults_are_active_high_and_safe_off()
    {
        using var byNumber = new PinOutput(controller, Pin, 1);
        using var byText = new PinOutput(controller, Pin + 1, "a");
        Assert.Equal((false, false), (driver.Levels[Pin], driver.Levels[Pin + 1]));
        byText.Bind(["a"]);
        byText.Apply(0);
        byNumber.Apply(1);
        Assert.Equal((true, true), (driver.Levels[Pin], driver.Levels[Pin + 1]));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(-0.001, false)]
    [InlineData(1.001, false)]
    [InlineData(double.NaN, false)]
    public void A_duty_cycle_lies_between_0_and_1(double duty, bool taken)
    {
        Func<PwmOutput>[] outputs = [() => new(new RecordingPwmChannel(), [0.5, duty]), () => new(new RecordingPwmChannel(), [0.5], duty), () => new(new RecordingPwmChannel(), new Dictionary<string, double> { ["a"] = duty })];
        foreach (Func<PwmOutput> output in outputs)
        {
            if (taken)
            {
                output().Dispose();
            }
            else
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => output());
            }
        }
    }

    [Fact]
    public void A_channel_starts_after_its_first_duty_cycle_is_set_and_ends_safe()
    {
        var channel = new OrderedChannel();
        var pwm = new PwmOutput(channel, [0.2, 0.8], 0.3);
        pwm.Apply(1);
        pwm.Apply(0);
        pwm.ApplySafe();
        pwm.Apply(1);
        pwm.Apply(2);
        pwm.Apply(1);
        pwm.Dispose();
        Assert.Equal(["0.3", "start", "0.8", "0.2", "0.3", "0.8", "0.3", "0.8", "0.3", "dispose"], channel.Log);
        var unset = new OrderedChannel();
        new PwmOutput(unset, [0.2]).Dispose();
        Assert.Equal(["0", "start", "0", "dispose"], unset.Log);
    }

    [Fact]
    public void Texts_are_those_of_the_model_or_numbers()
    {
        var texts = new List<string?>();
        var output = new ClassTextOutput(texts.Add);
        output.Apply(1);
        output.Bind(["a", "b"]);
        output.Apply(0);
        output.Apply(1);
        output.Apply(2);
        output.ApplySafe();
        output.Bind(["c"]);
        output.Apply(0);
        Assert.Equal(["1", "a", "b", "2", null, "c"], texts);
        Assert.Null(output.Refusal([], 2));
    }

    [Fact]
    public void A_callback_gets_labels_and_minus_one()
    {
        var labels = new List<int>();
        var output = new CallbackOutput(labels.Add);
        output.Apply(0);
        output.Apply(3);
        output.ApplySafe();
        Assert.Equal([0, 3, -1], labels);
    }

    [Theory]

    // The fewest letters to change, insert or leave out; case aside; of two alike the first.
    [InlineData("abc", "xyz abd", "abd")]
    [InlineData("abc", "abcd abcde", "abcd")]
    [InlineData("abc", "ab b", "ab")]
    [InlineData("abc", "abx abz", "abx")]
    [InlineData("ABC", "abc ABD", "abc")]
    [InlineData("shakng", "still shaking", "shaking")]
    [InlineData("kitten", "sitting mitten", "mitten")]
    [InlineData("a", "bbbb cc", "cc")]
    [InlineData("abcd", "bcda abxy", "bcda")]
    [InlineData("bcd", "xbcdx abcd", "abcd")]
    [InlineData("flaw", "lawn flowers", "lawn")]
    [InlineData("sunday", "saturday xunxay", "xunxay")]
    [InlineData("zzab", "ab zab", "zab")]
    [InlineData("abzz", "ab abz", "abz")]
    [InlineData("ab", "zzab ax", "ax")]
    [InlineData("ab", "abzz xb", "xb")]
    [InlineData("sunday", "saturday xxxxay", "saturday")]
    public void The_nearest_text_is_that_of_the_fewest_edits(string text, string known, string nearest) =>
        Assert.Equal(nearest, NearestText.Of(text, known.Split(' ')));

    [Theory]
    [InlineData(0, 2, null)]
    [InlineData(1, 2, null)]
    [InlineData(2, 2, "it is bound to class number 2, but the model has 2 classes, 0 to 1.")]
    [InlineData(2, 3, null)]
    [InlineData(3, 3, "it is bound to class number 3, but the model has 3 classes, 0 to 2.")]
    public void A_number_is_below_the_number_of_classes(int label, int classes, string? refusal) =>
        Assert.Equal(refusal, new ClassBinding(label).Refusal("it", [], classes));

    [Fact]
    public void A_binding_has_a_label_once_it_is_bound()
    {
        var binding = new ClassBinding("b");
        Assert.Equal((ClassBinding.Unbound, -1), (binding.Label, ClassBinding.Unbound));
        binding.Bind(["a", "b", "c"]);
        Assert.Equal(1, binding.Label);
        binding.Bind(["b", "a"]);
        Assert.Equal(0, binding.Label);
        Assert.Equal("'b'", binding.Description);
        foreach (string[] texts in new string[][] { ["b", "bb", "ab", "B"], ["B", "bb", "b"] })
        {
            binding.Bind(texts);
            Assert.Equal(Array.IndexOf(texts, "b"), binding.Label);
        }

        var number = new ClassBinding(2);
        number.Bind(["a", "b"]);
        Assert.Equal(2, number.Label);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassBinding(-1));
        Assert.Throws<ArgumentException>(() => new ClassBinding(""));
    }

    [Theory]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(UnauthorizedAccessException), true)]
    [InlineData(typeof(InvalidOperationException), true)]
    [InlineData(typeof(ArgumentException), true)]
    [InlineData(typeof(NullReferenceException), true)]
    [InlineData(typeof(KeyNotFoundException), true)]
    [InlineData(typeof(OutOfMemoryException), false)]
    public void Whatever_an_output_throws_is_counted_and_tried_again_and_only_lost_memory_ends_the_loop(Type error, bool counted)
    {
        int calls = 0;
        var others = new List<int>();
        using var host = new ModelHost(EdgeModel.Load(TestModels.Above(0.5f, 100f)), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 1f));
        using var loop = new DecisionLoop(
            sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) },
            [new CallbackOutput(Fail), new CallbackOutput(others.Add)]);
        if (!counted)
        {
            Assert.Throws(error, loop.Step);
            calls = 2;
            return;
        }

        for (int i = 0; i < 5; i++)
        {
            loop.Step();
        }

        Assert.Equal((2L, 3), (loop.Statistics.OutputFaults, calls));
        Assert.Equal([1], others);

        void Fail(int label)
        {
            if (++calls <= 2)
            {
                throw (Exception)Activator.CreateInstance(error)!;
            }
        }
    }

    private sealed class OrderedChannel : System.Device.Pwm.PwmChannel
    {
        private double dutyCycle;

        internal List<string> Log { get; } = [];

        public override int Frequency { get; set; }

        public override double DutyCycle
        {
            get => dutyCycle;
            set
            {
                dutyCycle = value;
                Log.Add(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        public override void Start() => Log.Add("start");

        public override void Stop() => Log.Add("stop");

        protected override void Dispose(bool disposing)
        {
            Log.Add("dispose");
            base.Dispose(disposing);
        }
    }
}
