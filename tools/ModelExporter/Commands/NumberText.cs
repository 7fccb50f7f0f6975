using System.Globalization;
using System.Numerics;

namespace EdgeInference.Tool.Commands;

/// <summary>The numbers that an option takes, in a user's words: the parser says them in the names of .NET's types.</summary>
internal static class NumberText
{
    /// <summary>What an option takes whose value could not be read.</summary>
    /// <param name="type">The option's type.</param>
    /// <param name="message">What the parser says, which names the type where the type is the cause.</param>
    /// <param name="word">What was given.</param>
    /// <returns>Such as "a whole number"; null where the option takes no number or the cause is another.</returns>
    internal static string? Wanted(Type type, string message, string word)
    {
        Type number = Nullable.GetUnderlyingType(type.IsArray ? type.GetElementType()! : type) ?? type;
        if (!message.Contains(number.FullName!, StringComparison.Ordinal))
        {
            return null;
        }

        // A whole number that does not fit is one all the same, so its range is what is wrong.
        bool isWhole = BigInteger.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return Type.GetTypeCode(number) switch
        {
            TypeCode.Int32 => isWhole ? $"a whole number from {int.MinValue} to {int.MaxValue}" : "a whole number",
            TypeCode.Int64 => isWhole ? $"a whole number from {long.MinValue} to {long.MaxValue}" : "a whole number",
            TypeCode.UInt32 => isWhole ? $"a whole number from 0 to {uint.MaxValue}" : "a whole number",
            TypeCode.UInt64 => isWhole ? $"a whole number from 0 to {ulong.MaxValue}" : "a whole number",
            TypeCode.Single or TypeCode.Double => "a number",
            _ => null,
        };
    }
}
