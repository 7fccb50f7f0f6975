using System.Device.Gpio;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace RaspberryPi.Tests;

/// <summary>The parts of the service as its settings put them together, on pins that record what they show.</summary>
public sealed class DeviceTests : IDisposable
{
    private const int Pin = 18;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-device").FullName;
    private readonly RecordingGpioDriver driver = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("still,shaking", true)]
    [InlineData("shaking,still", false)]
    public void The_pin_follows_the_class_that_the_settings_name(string classes, bool on)
    {
        using Device device = Open(classes, "x,y,z", output => output.Class = "shaking");
        Assert.Equal(["GPIO 18 is on for 'shaking'."], device.Notes);
        device.Loop.Step();
        Assert.Equal(1, device.Loop.Label);
        Assert.Equal(on, driver.Levels[Pin]);
        Assert.Equal(classes.Split(',')[1], device.Loop.ClassText);
    }

    [Fact]
    public void A_number_is_said_and_taken_where_the_model_has_no_texts()
    {
        using Device device = Open("", "x,y,z", output => output.Label = 1);
        Assert.Equal(["GPIO 18 is on for class 1, by number: the model has no class texts."], device.Notes);
        device.Loop.Step();
        Assert.True(driver.Levels[Pin]);
    }

    [Theory]
    [InlineData("still,shaking", "", null, "Edge:Output:Pin is 18 and no class drives it; set Edge:Output:Class to one of 'still', 'shaking'.")]
    [InlineData("", "", null, "Edge:Output:Pin is 18 and no class drives it; the model has no class texts, so set Edge:Output:Label to the number of a class.")]
    [InlineData("still,shaking", "shaking", 1, "Edge:Output:Class is 'shaking' and Edge:Output:Label is 1; leave one of them out.")]
    [InlineData("still,shaking", "", 1, "GPIO 18 is bound to class number 1, but the model's classes have texts; bind it to one of 'still', 'shaking'.")]
    [InlineData("still,shaking", "shakng", null, "GPIO 18 is bound to the class 'shakng', which the model does not have; the nearest is 'shaking' of 'still', 'shaking'.")]
    [InlineData("", "shaking", null, "GPIO 18 is bound to the class 'shaking', but the model's classes have no texts; export the model with them, or bind it by number.")]
    public void Settings_that_do_not_say_which_class_are_refused(string classes, string text, int? label, string sentence)
    {
        Exception exception = Record.Exception(() => Open(classes, "x,y,z", output => (output.Class, output.Label) = (text, label)))!;
        Assert.Equal(sentence, exception.Message);
        Assert.True(exception is InvalidDataException or ArgumentException or OptionsValidationException);
        Assert.False(driver.Levels.GetValueOrDefault(Pin));
    }

    [Fact]
    public void A_machine_without_pins_ends_in_one_sentence()
    {
        var exception = Assert.Throws<IOException>(() => Open("still,shaking", "x,y,z", output => output.Class = "shaking", () => throw new PlatformNotSupportedException("There is no chip.")));
        Assert.Equal("GPIO 18 cannot be opened: There is no chip. Edge:Output:Simulated=true says its levels instead, Edge:Output:Pin=-1 runs without a pin.", exception.Message);
    }

    [Fact]
    public void A_model_of_other_features_is_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => Open("still,shaking", "z,y,x", output => output.Pin = -1));
        Assert.StartsWith("The loop produces the features [x, y, z] but the model expects [z, y, x], the same in another order", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_settings_name_a_class() =>
        Assert.Contains("\"Class\": \"shaking\"", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")), StringComparison.Ordinal);

    // A model that always decides on class 1.
    private Device Open(string classes, string features, Action<PinOptions> set, Func<GpioController>? pins = null)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Described(classes.Split(',', StringSplitOptions.RemoveEmptyEntries), features.Split(','), bias: 100f));
        var options = new EdgeOptions { Sensor = new SensorOptions { Kind = "simulated" } };
        options.Output.Pin = Pin;
        set(options.Output);
        var policy = new UpdatePolicy { RequireSignature = false, RequireSelfTest = false };
        return new Device(options, ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy), pins ?? (() => new GpioController(driver)));
    }
}
