using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Forms of dates, and which of them leave day and month open.</summary>
public sealed class DateCellTests
{
    [Theory]
    [InlineData("2024-01-03", "2024-01-03 00:00:00.0000000")]
    [InlineData("2024/1/3", "2024-01-03 00:00:00.0000000")]
    [InlineData("2024.01.03 07:30", "2024-01-03 07:30:00.0000000")]
    [InlineData("03.01.2024 7:30:05", "2024-01-03 07:30:05.0000000")]
    [InlineData("2024-01-03T07:30:05Z", "2024-01-03 07:30:05.0000000")]
    [InlineData("2024-01-03T07:30:05.25+02:00", "2024-01-03 05:30:05.2500000")]
    [InlineData("2024-01-03 07:30:05 +0200", "2024-01-03 05:30:05.0000000")]
    [InlineData("2024-01-03 23:30:05-01", "2024-01-04 00:30:05.0000000")]
    [InlineData("20240103T073005", "2024-01-03 07:30:05.0000000")]
    [InlineData("2024-01-03 12:30 AM", "2024-01-03 00:30:00.0000000")]
    [InlineData("2024-01-03 12:30:00 pm", "2024-01-03 12:30:00.0000000")]
    [InlineData("03/Jan/2024:07:30:05 +0000", "2024-01-03 07:30:05.0000000")]
    [InlineData("Wed, 03 Jan 2024 07:30:05 GMT", "2024-01-03 07:30:05.0000000")]
    [InlineData("3 jan 2024", "2024-01-03 00:00:00.0000000")]
    [InlineData("Jan 3, 2024", "2024-01-03 00:00:00.0000000")]
    [InlineData("1969-12-31 23:59:59", "1969-12-31 23:59:59.0000000")]
    [InlineData("13/01/2024", "2024-01-13 00:00:00.0000000")] // 13 is no month
    [InlineData("01-13-2024", "2024-01-13 00:00:00.0000000")]
    public void A_date_is_read_in_every_form(string text, string expected)
    {
        Assert.True(DateCell.TryTicks(Encoding.UTF8.GetBytes(text), DateOrder.Either, out decimal ticks));
        Assert.Equal(expected, DateTime.UnixEpoch.AddTicks((long)ticks).ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
        Assert.True(DateCell.Is(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("03/04/2024", (int)DateOrder.Either, false)]
    [InlineData("03/04/2024", (int)DateOrder.DayFirst, true)]
    [InlineData("03/13/2024 4:05 PM", (int)DateOrder.MonthFirst, true)]
    [InlineData("03/13/2024", (int)DateOrder.DayFirst, false)]
    [InlineData("03/04/24", (int)DateOrder.DayFirst, false)] // of which century?
    public void An_open_order_of_day_and_month_is_not_guessed(string text, int known, bool isRead)
    {
        var order = (DateOrder)known;
        byte[] cell = Encoding.UTF8.GetBytes(text);
        Assert.Equal(isRead, DateCell.TryTicks(cell, order, out decimal ticks));
        Assert.True(DateCell.Is(cell));
        Assert.Equal(text.Contains("/13/", StringComparison.Ordinal) ? DateOrder.MonthFirst : DateOrder.Either, DateCell.Orders(cell));
        if (isRead)
        {
            Assert.Equal(order == DateOrder.DayFirst ? 3 : 13, DateTime.UnixEpoch.AddTicks((long)ticks).Day);
        }
    }

    [Theory]
    [InlineData("2024")]
    [InlineData("20240103")]
    [InlineData("1.2.24")] // a version
    [InlineData("10.1.1.254")]
    [InlineData("2024-13-01")]
    [InlineData("2024-02-30")]
    [InlineData("32/13/2024")]
    [InlineData("2024-01-03 24:00")]
    [InlineData("2024-01-03 13:00 PM")]
    [InlineData("2024-01-03 07:30:05 CET")]
    [InlineData("2024-01-03T")]
    [InlineData("March")]
    [InlineData("Saturday")]
    [InlineData("mar 2024")]
    [InlineData("-5.25")]
    public void Other_texts_are_no_dates(string text) => Assert.False(DateCell.Is(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Fractions_of_a_second_are_exact()
    {
        Assert.True(DateCell.TryTicks("2024-01-03 07:30:00.123456789"u8, DateOrder.Either, out decimal early));
        Assert.True(DateCell.TryTicks("2024-01-03 07:30:00.123456790"u8, DateOrder.Either, out decimal late));
        Assert.Equal(0.01m, late - early);
    }
}
