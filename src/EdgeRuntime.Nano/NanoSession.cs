using System;
using EdgeRuntime.Nano.Kernels;
using ModelFormat;

namespace EdgeRuntime.Nano
{
    /// <summary>
    /// Runs a model. All memory is allocated here, once; no Run or Classify allocates, locks or throws unless its arguments
    /// are wrong. Serves one thread at a time.
    /// </summary>
    public sealed class NanoSession
    {
        // No tensor has this type.
        private const TensorType Mixed = 0;

        private readonly ModelFile file;
        private readonly SessionMemory memory;
        private readonly NanoKernel[] kernels;
        private readonly float[] scores;

        // Raw inputs as real numbers; null where there are no statistics to hold them to.
        private readonly float[] realInputs;
        private readonly DecisionMetadata rules;
        private readonly string refusal;
        private readonly bool acceptsMissing;
        private readonly TensorType inputType;
        private readonly TensorType outputType;

        /// <summary>Creates a session.</summary>
        /// <param name="model">The model.</param>
        /// <param name="packWeights">
        /// True for speed: int8 weights are copied to RAM in the order that the kernels read them, 8 bytes for three weights.
        /// False for memory: they are read in the model file where they lie, in about twice the time. Of no effect on a model whose
        /// weights are read by chunks.
        /// </param>
        /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
        public NanoSession(NanoModel model, bool packWeights = true)
        {
            if (model == null)
            {
                throw new ArgumentNullException(nameof(model));
            }

            file = model.File;
            memory = new SessionMemory(file);
            InputLength = model.InputLength;
            OutputLength = model.OutputLength;
            scores = new float[OutputLength];
            inputType = CommonType(file.Inputs);
            outputType = CommonType(file.Outputs);
            rules = file.Decision;
            Threshold = rules.Threshold;
            refusal = rules.Refusal;
            acceptsMissing = rules.AcceptsMissing;
            realInputs = rules.InputStatistics == null ? null : new float[InputLength];

            NanoKernel[] bound = new NanoKernel[file.Operators.Length];
            int count = 0;
            for (int i = 0; i < bound.Length; i++)
            {
                NanoKernel kernel = KernelTable.Bind(new BindContext(file, memory, file.Operators[i], packWeights, model.ChunkBytes));
                if (kernel != null)
                {
                    bound[count++] = kernel;
                }
            }

            kernels = new NanoKernel[count];
            Array.Copy(bound, kernels, count);
        }

        /// <summary>Number of values that one inference takes.</summary>
        public int InputLength { get; private set; }

        /// <summary>Number of values that one inference gives.</summary>
        public int OutputLength { get; private set; }

        /// <summary>The label of no decision; <see cref="Reason"/> says why.</summary>
        public const int None = -1;

        /// <summary>Calibrated probability from which on <see cref="Classify(float[])"/> decides for label 1 of two; the file's, or 0.5.</summary>
        public float Threshold { get; set; }

        /// <summary>
        /// The outputs of the last Classify as real numbers, <see cref="OutputLength"/> of them, calibrated where the file says how; of
        /// two, the last alone. Read only.
        /// </summary>
        public float[] Scores
        {
            get { return scores; }
        }

        /// <summary>
        /// How unlike the training data the input of the last Classify was: 0 or more, above 1 beyond the file's limits, so that the
        /// label means little; 0 where the file has no input statistics.
        /// </summary>
        public float Unlikeness { get; private set; }

        /// <summary>Why the last Classify decided, or did not.</summary>
        public DecisionReason Reason { get; private set; }

        /// <summary>Runs one inference. Quantized inputs and outputs are converted by their scale and zero point.</summary>
        /// <param name="input"><see cref="InputLength"/> values: all inputs one after the other, row-major.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length.</exception>
        public void Run(float[] input, float[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            InterfacePort.Write(file.Inputs, memory, input);
            RunKernels();
            InterfacePort.Read(file.Outputs, memory, output);
        }

        /// <summary>Runs one inference on a model whose inputs and outputs are int8, without conversion.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> quantized values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length, or the model another type.</exception>
        public void Run(sbyte[] input, sbyte[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            CheckTypes(outputType, TensorType.Int8, "output");
            WriteRaw(input, TensorType.Int8);
            RunKernels();
            ReadRaw(output);
        }

        /// <summary>Runs one inference on a model whose inputs and outputs are int16, without conversion.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> quantized values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length, or the model another type.</exception>
        public void Run(short[] input, short[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            CheckTypes(outputType, TensorType.Int16, "output");
            WriteRaw(input, TensorType.Int16);
            RunKernels();
            ReadRaw(output);
        }

        /// <summary>
        /// Decides: with one output, label 1 when it is at least the threshold; with two, when the second is; with more, the
        /// label of the highest output, the first of equals. Calibration and abstain band are the file's; <see cref="None"/> within
        /// the band.
        /// </summary>
        /// <param name="input"><see cref="InputLength"/> values.</param>
        /// <exception cref="ArgumentException">The array has the wrong length.</exception>
        /// <exception cref="InvalidOperationException">No decision can be taken on the model's output; the message says which option mends it.</exception>
        public int Classify(float[] input)
        {
            CheckRules();
            Run(input, scores);
            if (rules.InputStatistics != null)
            {
                Unlikeness = rules.InputStatistics.Unlikeness(input);
            }

            if (!DecisionMetadata.Accepts(input, acceptsMissing))
            {
                Reason = DecisionReason.NotFinite;
                return None;
            }

            return Decide();
        }

        /// <summary>Decides on one int8 input of a model that takes int8; the outputs may have any type.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <exception cref="ArgumentException">The array has the wrong length, or the model another input type.</exception>
        public int Classify(sbyte[] input)
        {
            return ClassifyRaw(input, input == null ? -1 : input.Length, TensorType.Int8);
        }

        /// <summary>Decides on one int16 input of a model that takes int16; the outputs may have any type.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <exception cref="ArgumentException">The array has the wrong length, or the model another input type.</exception>
        public int Classify(short[] input)
        {
            return ClassifyRaw(input, input == null ? -1 : input.Length, TensorType.Int16);
        }

        /// <summary>Sets the state that the model keeps between inferences back to zero.</summary>
        public void Reset()
        {
            memory.Reset();
        }

        private int ClassifyRaw(Array input, int length, TensorType type)
        {
            CheckRules();
            CheckLengths(length, scores.Length);
            WriteRaw(input, type);
            if (realInputs != null)
            {
                InterfacePort.Read(file.Inputs, memory, realInputs);
                Unlikeness = rules.InputStatistics.Unlikeness(realInputs);
            }

            RunKernels();
            InterfacePort.Read(file.Outputs, memory, scores);
            return Decide();
        }

        // Thrown by the first decision, since a session can be run without one.
        private void CheckRules()
        {
            if (refusal != null)
            {
                throw new InvalidOperationException(refusal);
            }
        }

        private int Decide()
        {
            if (!DecisionMetadata.Accepts(scores, false))
            {
                Reason = DecisionReason.NotFinite;
                return None;
            }

            int last = scores.Length - 1;
            if (last <= 1)
            {
                if (rules.Calibration != null)
                {
                    scores[last] = rules.Calibration.Apply(scores[last]);
                }

                return Abstains(scores[last]) ? None : scores[last] >= Threshold ? 1 : 0;
            }

            int best = 0;
            for (int i = 1; i < scores.Length; i++)
            {
                best = scores[i] > scores[best] ? i : best;
            }

            // The class is chosen before rounding can make two outputs equal.
            if (rules.Calibration != null)
            {
                rules.Calibration.ApplyToAll(scores);
            }

            return Abstains(scores[best]) ? None : best;
        }

        private bool Abstains(float probability)
        {
            bool abstains = rules.Abstains(probability);
            Reason = abstains ? DecisionReason.AbstainBand : DecisionReason.Decided;
            return abstains;
        }

        private void RunKernels()
        {
            NanoKernel[] bound = kernels;
            for (int i = 0; i < bound.Length; i++)
            {
                bound[i].Run();
            }
        }

        private void CheckLengths(int input, int output)
        {
            if (input != InputLength || output < OutputLength)
            {
                throw new ArgumentException("The session was given " + Count(input) + " and " + Count(output) + " of room; the model takes " + Count(InputLength) + " and gives " + OutputLength.ToString() + ".");
            }
        }

        private static string Count(int length)
        {
            return length < 0 ? "null" : length.ToString() + " values";
        }

        private static void CheckTypes(TensorType actual, TensorType type, string role)
        {
            if (actual != type)
            {
                throw new ArgumentException("The model's " + role + " holds " + (actual == Mixed ? "several types" : NanoModel.TypeName(actual)) + ", not " + NanoModel.TypeName(type) + ".");
            }
        }

        private static TensorType CommonType(TensorRecord[] tensors)
        {
            TensorType type = tensors[0].Type;
            for (int i = 1; i < tensors.Length; i++)
            {
                type = tensors[i].Type == type ? type : Mixed;
            }

            return type;
        }

        private void WriteRaw(Array input, TensorType type)
        {
            CheckTypes(inputType, type, "input");
            int from = 0;
            for (int i = 0; i < file.Inputs.Length; i++)
            {
                TensorRecord tensor = file.Inputs[i];
                Array.Copy(input, from, memory.Elements(tensor), 0, tensor.Elements);
                from += tensor.Elements;
            }
        }

        private void ReadRaw(Array output)
        {
            int to = 0;
            for (int i = 0; i < file.Outputs.Length; i++)
            {
                TensorRecord tensor = file.Outputs[i];
                Array.Copy(memory.Elements(tensor), 0, output, to, tensor.Elements);
                to += tensor.Elements;
            }
        }
    }
}
