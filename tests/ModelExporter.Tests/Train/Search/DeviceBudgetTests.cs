using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Train.Search;

/// <summary><c>--budget</c>.</summary>
public class DeviceBudgetTests
{
    [Theory]
    [InlineData("esp32:1ms,8KB", 1.0, 8192)]
    [InlineData("ESP32-S3:250us", 0.25, null)]
    [InlineData("esp32-c3:2MB", null, 2097152)]
    [InlineData("esp32:900B,1.5s", 1500.0, 900)]
    public void Board_time_and_size_are_read(string text, double? milliseconds, int? bytes)
    {
        var budget = DeviceBudget.Parse(text);
        Assert.Equal(milliseconds, budget.Milliseconds);
        Assert.Equal(bytes, budget.Bytes);
    }

    [Theory]
    [InlineData("esp8266:1ms", "not known")]
    [InlineData("esp32", "write for example")]
    [InlineData("esp32:", "write for example")]
    [InlineData("esp32:1ms,2ms", "write for example")]
    [InlineData("esp32:-1ms", "write for example")]
    [InlineData("esp32:8KiB", "write for example")]
    [InlineData("esp32:99999999MB", "write for example")]
    public void Anything_else_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => DeviceBudget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_over_either_limit_does_not_fit()
    {
        var budget = DeviceBudget.Parse("esp32:1ms,1KB");
        Assert.Null(budget.Obstacle(1024, 1.0));
        Assert.Equal("1,025 bytes", budget.Obstacle(1025, 0.1));
        Assert.Equal("1.5 ms", budget.Obstacle(10, 1.5));
    }
}
