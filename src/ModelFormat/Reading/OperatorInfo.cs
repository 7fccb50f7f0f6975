namespace EdgeInference.ModelFormat
{
    /// <summary>Checks one operator's types, shapes and parameters; throws <see cref="ModelFormatException"/> through the check.</summary>
    internal delegate void OperatorRule(OperatorCheck check);

    /// <summary>One row of <see cref="OperatorTable"/>.</summary>
    internal sealed class OperatorInfo
    {
        /// <summary>Creates a row.</summary>
        /// <param name="opcode">The operator.</param>
        /// <param name="name">Its name in messages and documents.</param>
        /// <param name="minInputs">Fewest inputs.</param>
        /// <param name="maxInputs">Most inputs, 255 at the most.</param>
        /// <param name="outputs">Number of outputs, or −1 for 1 to 255.</param>
        /// <param name="parameters">Names of the parameters in order; a name that ends in "(f)" is a float32, the others are int32.</param>
        /// <param name="rule">What an instance must satisfy so that every kernel stays within its tensors.</param>
        public OperatorInfo(Opcode opcode, string name, int minInputs, int maxInputs, int outputs, string[] parameters, OperatorRule rule)
        {
            Opcode = opcode;
            Name = name;
            MinInputs = minInputs;
            MaxInputs = maxInputs;
            Outputs = outputs;
            Parameters = parameters;
            Rule = rule;
        }

        /// <summary>The operator.</summary>
        public Opcode Opcode { get; private set; }

        /// <summary>Its name in messages and documents.</summary>
        public string Name { get; private set; }

        /// <summary>Fewest inputs.</summary>
        public int MinInputs { get; private set; }

        /// <summary>Most inputs.</summary>
        public int MaxInputs { get; private set; }

        /// <summary>Number of outputs, or −1 for 1 to 255.</summary>
        public int Outputs { get; private set; }

        /// <summary>Names of the parameters in order.</summary>
        public string[] Parameters { get; private set; }

        /// <summary>What an instance must satisfy.</summary>
        public OperatorRule Rule { get; private set; }

        /// <summary>Whether a parameter is a float32.</summary>
        public bool IsFloat(int parameter)
        {
            string name = Parameters[parameter];
            return name[name.Length - 1] == ')';
        }
    }
}
