namespace EdgeInference.ModelConverter.Data;

/// <summary>Which of two numbers is the day and which the month, as in 03/04/2024.</summary>
[Flags]
internal enum DateOrder
{
    /// <summary>Neither can be.</summary>
    None = 0,

    /// <summary>The day comes first.</summary>
    DayFirst = 1,

    /// <summary>The month comes first.</summary>
    MonthFirst = 2,

    /// <summary>Both can be.</summary>
    Either = DayFirst | MonthFirst,
}
