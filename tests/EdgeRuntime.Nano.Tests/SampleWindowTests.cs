using Esp32;

namespace EdgeInference.Nano.Tests;

/// <summary>The window of samples/Esp32, which is compiled for nanoFramework.</summary>
public class SampleWindowTests
{
    [Fact]
    public void No_window_spans_a_gap_between_samples()
    {
        var window = new Window(6);
        window.Add([256, 512, 768]);
        window.Clear();
        window.Add([-256, -512, -768]);
        Assert.False(window.IsFull);
        window.Add([32767, -32768, 127]);
        Assert.True(window.IsFull);
        Assert.Equal(new sbyte[] { -1, -2, -3, 127, -128, 0 }, window.Values);
    }
}
