namespace EdgeInference.ModelFormat
{
    /// <summary>Numbers for names: a device has no room for texts that only messages show. The form is that of the desktop's OperatorNames.</summary>
    internal static class OperatorNames
    {
        /// <summary>An operator, for a message.</summary>
        public static string Of(Opcode opcode)
        {
            return "opcode " + ((int)opcode).ToString();
        }

        /// <summary>A parameter, by its position.</summary>
        public static string Parameter(Opcode opcode, int parameter)
        {
            return parameter.ToString();
        }
    }
}
